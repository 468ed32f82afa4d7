// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.export;

import java.util.List;

/**
 * What the verification of an export found.
 *
 * @param digests how many digest files were verified
 * @param logFiles how many log files they name
 * @param findings what is wrong; none if everything is as it was exported
 */
public record ExportVerification(int digests, int logFiles, List<Finding> findings) {
  public ExportVerification {
    findings = List.copyOf(findings);
  }

  /**
   * One thing that is wrong.
   *
   * @param object the path of the file in the folder
   * @param sentence what is wrong with it
   */
  public record Finding(String object, String sentence) {}

  public boolean isIntact() {
    return findings.isEmpty();
  }
}
