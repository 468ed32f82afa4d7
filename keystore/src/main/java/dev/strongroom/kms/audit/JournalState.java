// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.util.OptionalLong;

/**
 * How the writing of a journal stands, in this process.
 *
 * @param isWritable whether the next record is expected to be written
 * @param records that were written, with the checkpoints
 * @param bytes that they took
 * @param flushedAgoNanos how long ago records were last taken to the disk; empty if none were
 * @param unflushedNanos for how long the oldest record that is not on the disk has not been; 0 if
 *     all are
 * @param failingFolders how many folders of two cannot be written; calls go on while one can
 * @param folderFailures how often one of two began to fail
 */
public record JournalState(
    boolean isWritable,
    long records,
    long bytes,
    OptionalLong flushedAgoNanos,
    long unflushedNanos,
    int failingFolders,
    long folderFailures) {

  /** Returns the same with what was written before. */
  JournalState plus(long earlierRecords, long earlierBytes) {
    return new JournalState(
        isWritable,
        records + earlierRecords,
        bytes + earlierBytes,
        flushedAgoNanos,
        unflushedNanos,
        failingFolders,
        folderFailures);
  }
}
