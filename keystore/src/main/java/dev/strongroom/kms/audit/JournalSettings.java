// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * How a journal is kept.
 *
 * @param folders where all processes write theirs; made with mode 0700 if they are missing
 * @param sync when records go to the disk
 * @param maxFileBytes how long a file may become before the next begins; at least 262,144, and
 *     rounded down to a multiple of 4096
 * @param checkpoints when the HSM signs what was recorded
 * @param process what the trail says of this process, at most 16 KiB; {@code host} and {@code
 *     agent} become CloudTrail's sourceIPAddress and userAgent
 */
public record JournalSettings(
    TrailFolders folders,
    Sync sync,
    long maxFileBytes,
    Checkpoints checkpoints,
    Map<String, String> process) {

  /** The default of {@code maxFileBytes}: 64 MiB. */
  public static final long DEFAULT_MAX_FILE_BYTES = 64L << 20;

  private static final long MIN_FILE_BYTES = 262_144;
  private static final long PAGE_BYTES = 4096;

  /** When records go to the disk. They survive the end of the process in any case. */
  public enum Sync {
    /** Within 10 ms: a loss of power takes at most that much. */
    BATCH,
    /** Before the result of a call is released: a loss of power takes nothing. */
    ALWAYS
  }

  /**
   * When a checkpoint is made: as soon as there are so many records since the last, or one and so
   * much time has passed; and when the journal is closed.
   */
  public record Checkpoints(long records, Duration time) {
    /** After a million records, or ten seconds. */
    public static final Checkpoints DEFAULT = new Checkpoints(1_000_000, Duration.ofSeconds(10));
  }

  public JournalSettings {
    process = Map.copyOf(process);
    if (maxFileBytes < MIN_FILE_BYTES) {
      throw new IllegalArgumentException(
          "Files of a journal must be let grow to 262,144 bytes at least, not " + maxFileBytes);
    }
    maxFileBytes &= -PAGE_BYTES;
  }

  /** Returns the default settings for a folder. */
  public static JournalSettings in(Path folder) {
    return new JournalSettings(
        TrailFolders.of(folder), Sync.BATCH, DEFAULT_MAX_FILE_BYTES, Checkpoints.DEFAULT, Map.of());
  }

  /** Returns these settings with two folders, or another one. */
  public JournalSettings withFolders(TrailFolders other) {
    return new JournalSettings(other, sync, maxFileBytes, checkpoints, process);
  }

  /** Returns these settings with another {@code sync}. */
  public JournalSettings withSync(Sync other) {
    return new JournalSettings(folders, other, maxFileBytes, checkpoints, process);
  }

  /** Returns these settings with another {@code process}. */
  public JournalSettings withProcess(Map<String, String> other) {
    return new JournalSettings(folders, sync, maxFileBytes, checkpoints, other);
  }

  /** Returns these settings with another {@code maxFileBytes}. */
  public JournalSettings withMaxFileBytes(long other) {
    return new JournalSettings(folders, sync, other, checkpoints, process);
  }

  /** Returns these settings with another {@code checkpoints}. */
  public JournalSettings withCheckpoints(Checkpoints other) {
    return new JournalSettings(folders, sync, maxFileBytes, other, process);
  }
}
