// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
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
  Notarization notarize(StreamWriter stream, JournalSettings settings, Clock clock) {
    return new Notarization(notary, settings.checkpoints(), clock, stream);
  }

  /**
   * Makes a stream and registers it: no record goes into one that could vanish unnoticed. Its file
   * comes first, so that nobody who is killed in between leaves a stream that seems to be missing.
   *
   * @param before the stream that was given up before; null if none
   */
  StreamWriter open(JournalSettings settings, @Nullable UUID before, long nowMillis)
      throws IOException {
    StreamWriter opened = StreamWriter.open(settings, keys, before, nowMillis);
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
   * Registers how a stream ended. It is sealed all the same where that cannot be written; the next
   * start then registers it.
   */
  void ended(StreamWriter ended, long nowMillis) {
    StreamEnd end = ended.end();
    if (end == null) {
      return;
    }
    try {
      register.closed(ended.stream(), Instant.ofEpochMilli(nowMillis), end);
      ended.letGo();
    } catch (KmsException | IllegalStateException e) {
      LOG.log(
          Level.WARNING,
          "The audit stream {0} was sealed, and its end could not be registered: {1}",
          ended.stream(),
          e.getMessage());
    }
  }
}
