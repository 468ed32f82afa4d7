// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.Health;
import dev.strongroom.kms.service.Health.Finding;
import dev.strongroom.kms.service.Health.Severity;
import dev.strongroom.kms.service.Kms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code doctor}: looks at everything that a KMS stands on and says what should be done. */
final class Doctor {

  private Doctor() {}

  /** Prints a table, or the findings as an answer where {@code --output} asks for that. */
  static Answer run(Call call) throws IOException {
    List<Finding> findings =
        new ArrayList<>(Surroundings.look(SettingsDoor.config(call.location()).home()));
    findings.addAll(inside(call));
    Health health = new Health(findings);
    int exitCode = health.hasErrors() ? Main.FAILED : Main.DONE;
    if (call.arguments().has(Globals.OUTPUT) || call.arguments().has(Globals.QUERY)) {
      List<Answer> shapes = findings.stream().map(Doctor::shape).toList();
      return new Answer().with("Findings", shapes).withExitCode(exitCode);
    }
    for (Finding finding : findings) {
      call.terminal().out().write(line(finding).getBytes(StandardCharsets.UTF_8));
    }
    return Answer.none().withExitCode(exitCode);
  }

  /** A KMS that cannot be opened is a finding, and the most important one. */
  private static List<Finding> inside(Call call) {
    try {
      Kms kms = call.kms();
      return (call.arguments().has("--deep") ? kms.deepHealth() : kms.health()).findings();
    } catch (KmsException e) {
      return List.of(new Finding(Severity.ERROR, "kms", String.valueOf(e.getMessage())));
    }
  }

  private static Answer shape(Finding finding) {
    return new Answer()
        .with("Severity", finding.severity().name())
        .with("Part", finding.part())
        .with("Finding", finding.sentence());
  }

  private static String line(Finding finding) {
    String severity =
        finding.severity() == Severity.ERROR
            ? "ERROR"
            : finding.severity().name().toLowerCase(Locale.ROOT);
    return String.format("%-8s %-11s %s%n", severity, finding.part(), finding.sentence());
  }
}
