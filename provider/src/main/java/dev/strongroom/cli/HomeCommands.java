// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.service.KmsConfig;
import dev.strongroom.kms.service.KmsSetup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Setting up a home and looking after it. */
final class HomeCommands {

  private HomeCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            Catalog.OWN,
            "quickstart",
            "Runs the whole chain once, in a folder of its own, and explains each step.",
            "strongroom quickstart",
            List.of(
                Parameter.optional(
                    Quickstart.FOLDER, "<folder>", "A folder that does not exist yet.")),
            Quickstart::run),
        new Command(
            Catalog.OWN,
            "init",
            "Makes a home: domain key, store and root access key. Can be repeated; loses nothing.",
            """
            export STRONGROOM_HOME=/srv/strongroom
            strongroom init""",
            List.of(),
            HomeCommands::init),
        new Command(
            Catalog.OWN,
            "doctor",
            "Looks at everything that the KMS stands on, and says what should be done.",
            """
            strongroom doctor
            strongroom doctor --deep""",
            List.of(
                Parameter.flag(
                    "--deep",
                    "Hold the store against the trail: names rows that were rolled back, deleted or"
                        + " changed, and ends with 1 if there are any.")),
            Doctor::run));
  }

  private static Answer init(Call call) throws IOException {
    KmsConfig config = SettingsDoor.config(call.location());
    KmsSetup.Report report = KmsSetup.init(config);
    if (call.arguments().has(Globals.OUTPUT) || call.arguments().has(Globals.QUERY)) {
      return shape(config, report);
    }
    call.terminal().out().write(text(config, report).getBytes(StandardCharsets.UTF_8));
    return Answer.none();
  }

  private static Answer shape(KmsConfig config, KmsSetup.Report report) {
    return new Answer()
        .with("Made", report.made())
        .with("Home", config.home().toString())
        .with("Hsm", report.hsm())
        .with("DomainKey", report.domainKey())
        .with("Store", report.store())
        .with("Audit", report.audit().toString())
        .with("Credentials", report.credentials().toString());
  }

  private static String text(KmsConfig config, KmsSetup.Report report) {
    return String.format(
        """
        %s in %s
          domain key   %s, in %s
          store        %s
          audit trail  %s
          access key   %s (%s)
        %s""",
        report.made() ? "Made a KMS" : "There is a KMS",
        config.home(),
        report.domainKey(),
        report.hsm(),
        report.store(),
        report.audit(),
        report.credentials(),
        report.accessKeyWritten()
            ? "the account root's, new, for this user only"
            : "was there and is as it was",
        report.made()
            ? "Next: strongroom kms create-key --alias-name alias/app\n"
            : "Nothing else was changed.\n");
  }
}
