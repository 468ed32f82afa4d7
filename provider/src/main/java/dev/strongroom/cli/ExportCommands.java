// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.audit.export.ExportCheck;
import dev.strongroom.kms.audit.export.ExportResult;
import dev.strongroom.kms.audit.export.ExportVerification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code cloudtrail …}: the record of calls for those who read CloudTrail's files. */
final class ExportCommands {
  private ExportCommands() {}

  static Command export() {
    return new Command(
        "cloudtrail",
        "export",
        "Writes what came since the last export as CloudTrail's gzipped JSON, with a signed digest.",
        """
        strongroom cloudtrail export --output-dir /var/log/strongroom-trail""",
        List.of(
            Parameter.required(
                "--output-dir",
                "<folder>",
                "Made if it is not there. Run this every hour, by cron or a systemd timer.")),
        ExportCommands::export);
  }

  static Command validateExport() {
    return new Command(
        "cloudtrail",
        "validate-export",
        "Verifies exported files by their digests; ends with 1 if one is wrong. No KMS is opened.",
        """
        strongroom cloudtrail validate-export --folder trail --public-key audit.pem""",
        List.of(
            Parameter.required("--folder", "<folder>", "What 'cloudtrail export' wrote to."),
            Parameter.required(
                "--public-key", "<file>", "PEM, of 'cloudtrail list-public-keys'; one or more.")),
        ExportCommands::validateExport);
  }

  private static Answer export(Call call) {
    ExportResult result =
        call.kms().exportLogs(call.caller(), Path.of(call.arguments().get("--output-dir")));
    List<String> damaged =
        result.damaged().stream().map(stream -> stream.stream().toString()).toList();
    return new Answer()
        .with("Digest", result.digest())
        .with("LogFiles", result.logFiles())
        .with("Records", result.records())
        .withUnlessEmpty("DamagedStreams", damaged)
        .withExitCode(damaged.isEmpty() ? Main.DONE : Main.FAILED);
  }

  private static Answer validateExport(Call call) throws IOException {
    Path folder = Path.of(call.arguments().get("--folder"));
    if (!Files.isDirectory(folder)) {
      throw UsageError.of("--folder", "there is no folder '" + folder + "'.");
    }
    ExportVerification found = ExportCheck.run(folder, ProofCommands.publicKeys(call));
    List<Answer> findings =
        found.findings().stream()
            .map(
                finding ->
                    new Answer()
                        .with("File", finding.object())
                        .with("Sentence", finding.sentence()))
            .toList();
    return new Answer()
        .with("Digests", found.digests())
        .with("LogFiles", found.logFiles())
        .withUnlessEmpty("Findings", findings)
        .with("Valid", found.isIntact())
        .withExitCode(found.isIntact() ? Main.DONE : Main.FAILED);
  }
}
