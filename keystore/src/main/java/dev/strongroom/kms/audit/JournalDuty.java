// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Begins and ends streams as outsiders must know of it: with a key, in the register, notarized. */
final class JournalDuty {
  private static final Logger LOG = System.getLogger(JournalDuty.class.getName());

  private final StreamKeys keys;
  private final StreamRegister register;
  private final Notary notary;

  JournalDuty(StreamKeys keys, StreamRegister register, Notary notary) {
    this.keys = keys;
    this.register = register;
    this.notary = notary;
  }

  /** Returns what makes the checkpoints of a stream. */
  Notarization notarize(UUID stream, TreeGrowth tree, JournalSettings settings, Clock clock) {
    return new Notarization(notary, settings.checkpoints(), clock, stream, tree);
  }

  /**
   * Makes a stream and registers it: no record goes into one that could vanish unnoticed. Its file
   * comes first, so that nobody who is killed in between leaves a stream that seems to be missing.
   *
   * @param folder that of the two that it is written to first
   * @param before the stream that was given up before; null if none
   */
  StreamWriter open(JournalSettings settings, Path folder, @Nullable UUID before, long nowMillis)
      throws IOException {
    StreamWriter opened = StreamWriter.open(settings, folder, keys, before, nowMillis);
    boolean isRegistered = false;
    try {
      register.opened(opened.stream(), Instant.ofEpochMilli(nowMillis));
      isRegistered = true;
      return opened;
    } finally {
      if (!isRegistered) {
        opened.discard();
      }
    }
  }

  /** Returns what seals the streams that other processes left open. */
  Orphans orphans(JournalSettings settings, Clock clock) {
    return new Orphans(settings, keys, register, notary, clock);
  }

  /**
   * Begins to copy what one of two folders lacks of streams that ended from the other one.
   *
   * @param givenUp streams of this process that nobody writes to any more, though they have no end
   */
  void heal(JournalSettings settings, Set<UUID> givenUp) {
    Healing healing = new Healing(settings.folders(), keys, register, notary);
    Thread thread =
        new Thread(null, () -> healing.heal(givenUp), "strongroom-audit-heal", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
  }

  /**
   * Verifies the copy of a stream of this process.
   *
   * @throws IOException if it is not as it was written
   */
  void verifyCopy(UUID stream, Path folder) throws IOException {
    Verification found =
        new AuditVerifier(TrailFolders.of(folder), keys, register, notary).verify(stream);
    if (!found.isIntact()) {
      throw new IOException(
          "the copy of the stream "
              + stream
              + " does not verify: "
              + found.findings().get(0).sentence());
    }
  }

  /**
   * Registers how a stream ended; returns whether that could be done. It is sealed all the same
   * where that cannot be written; the next start then registers it.
   */
  boolean isEndRegistered(StreamWriter ended, long nowMillis) {
    StreamEnd end = ended.end();
    if (end == null) {
      return false;
    }
    try {
      register.closed(ended.stream(), Instant.ofEpochMilli(nowMillis), end);
      return true;
    } catch (KmsException | IllegalStateException e) {
      LOG.log(
          Level.WARNING,
          "The audit stream {0} was sealed, and its end could not be registered: {1}",
          ended.stream(),
          e.getMessage());
      return false;
    }
  }
}
