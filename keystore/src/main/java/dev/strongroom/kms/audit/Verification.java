// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.util.List;
import java.util.UUID;

/**
 * What the verification of a stream found.
 *
 * @param closing by whom the stream was closed
 * @param records how many records the stream has, as far as it can be read
 * @param sealedRecords how many records from the first on are under seals
 * @param checkpointedRecords how many records from the first on the HSM signed
 * @param leftRecords how many of the last records its process, which was killed, had not sealed;
 *     the next start did, as the checkpoint says
 * @param tornBytes how many bytes after the last readable frame are not zeros: a record that was
 *     not acknowledged when its process was killed, what a loss of power left, or what somebody
 *     wrote there
 * @param findings what is wrong, in the order of the stream; the end above is not among them
 * @param copyFindings what is wrong with the copy in the other of two folders, where the one that
 *     is verified is whole; {@code file} is then the path of the copy
 */
public record Verification(
    UUID stream,
    Closing closing,
    long records,
    long sealedRecords,
    long checkpointedRecords,
    long leftRecords,
    long tornBytes,
    List<Finding> findings,
    List<Finding> copyFindings) {

  public Verification {
    findings = List.copyOf(findings);
    copyFindings = List.copyOf(copyFindings);
  }

  /** Returns the same with what is wrong with the other copy. */
  Verification withCopy(List<Finding> flaws) {
    return new Verification(
        stream,
        closing,
        records,
        sealedRecords,
        checkpointedRecords,
        leftRecords,
        tornBytes,
        findings,
        flaws);
  }

  /** Who put the seal there that closes a stream. */
  public enum Closing {
    /**
     * Nobody: its process runs or was killed, or its end was cut off. That cannot be told from the
     * stream alone.
     */
    NONE,
    /** The process that wrote it. */
    BY_ITS_PROCESS,
    /** Another one, which found that the one that wrote it was gone. */
    BY_ANOTHER
  }

  /**
   * One thing that is wrong.
   *
   * @param file the name of the file
   * @param offset where in the file it begins
   * @param record the number of the first record in the stream, from 0, that is concerned
   * @param sentence what is wrong
   */
  public record Finding(String file, long offset, long record, String sentence) {}

  /** Returns whether the stream ends with the seal that closes it. */
  public boolean isClosed() {
    return closing != Closing.NONE;
  }

  /** Returns whether every seal fits and nothing is missing between them. */
  public boolean isIntact() {
    return findings.isEmpty();
  }

  /** Returns how many records from the first on come before anything that is wrong. */
  public long intactRecords() {
    long intact = records;
    for (Finding finding : findings) {
      intact = Math.min(intact, finding.record());
    }
    return intact;
  }

  /** Returns what is known of one record. */
  AuditRecord.Integrity integrityOf(long record) {
    for (Finding finding : findings) {
      if (record >= finding.record()) {
        return AuditRecord.Integrity.DAMAGED;
      }
    }
    return record < sealedRecords ? AuditRecord.Integrity.SEALED : AuditRecord.Integrity.UNSEALED;
  }
}
