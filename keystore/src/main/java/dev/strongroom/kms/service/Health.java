// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import java.util.List;

/** What {@code doctor} found, part by part. */
public record Health(List<Finding> findings) {

  public Health {
    findings = List.copyOf(findings);
  }

  /** How bad a finding is. */
  public enum Severity {
    OK,
    NOTE,
    WARNING,
    ERROR
  }

  /**
   * One thing that was looked at.
   *
   * @param part for example {@code hsm}, {@code store}, {@code audit}
   * @param sentence what is so, and what to do where something should be done
   */
  public record Finding(Severity severity, String part, String sentence) {}

  public boolean hasErrors() {
    return findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
  }
}
