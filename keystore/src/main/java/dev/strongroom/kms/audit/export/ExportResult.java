// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.export;

import dev.strongroom.kms.audit.Verification;
import java.util.List;

/**
 * What an export wrote.
 *
 * @param digest the path of the digest file in the folder
 * @param logFiles the paths of the log files in the folder; none if nothing happened
 * @param records how many records are in them
 * @param damaged the streams that were changed: their records were exported up to the change
 */
public record ExportResult(
    String digest, List<String> logFiles, long records, List<Verification> damaged) {
  public ExportResult {
    logFiles = List.copyOf(logFiles);
    damaged = List.copyOf(damaged);
  }
}
