// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;

/**
 * Seals the streams in the folder whose processes ended without closing them. Whose process may be
 * alive, on this machine or on another that shares the folder, is left alone: only a lock that can
 * be had says that nobody has it. Streams of other folders are not looked at.
 *
 * <p>Runs once, on a thread of its own, since reading a stream takes long and an HSM may be slow.
 */
final class Orphans {
  private static final Logger LOG = System.getLogger(Orphans.class.getName());

  // The same object in all class loaders: two channels of one JVM to an owner file would take the
  // lock from each other.
  private static final Object ONE_AT_A_TIME = "strongroom: orphans are sealed".intern();

  private final JournalSettings settings;
  private final StreamKeys keys;
  private final StreamRegister register;
  private final Notary notary;
  private final Clock clock;

  Orphans(
      JournalSettings settings,
      StreamKeys keys,
      StreamRegister register,
      Notary notary,
      Clock clock) {
    this.settings = settings;
    this.keys = keys;
    this.register = register;
    this.notary = notary;
    this.clock = clock;
  }

  /** Starts the thread; that it cannot be had leaves the orphans to the next start. */
  Optional<Thread> seal() {
    Thread thread = new Thread(null, this::sealAll, "strongroom-orphans", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    try {
      thread.start();
      return Optional.of(thread);
    } catch (OutOfMemoryError e) {
      LOG.log(Level.DEBUG, "No thread is left to seal orphans", e);
      return Optional.empty();
    }
  }

  void sealAll() {
    synchronized (ONE_AT_A_TIME) {
      try {
        for (Map.Entry<UUID, Path> other : OwnerFile.ofOthers(settings.folder()).entrySet()) {
          sealIfLeft(other.getKey(), other.getValue());
        }
      } catch (IOException e) {
        LOG.log(Level.WARNING, "The owners of audit streams could not be listed: " + e);
      }
    }
  }

  private void sealIfLeft(UUID stream, Path ownerFile) {
    try {
      Optional<OwnerFile> owner = OwnerFile.take(ownerFile);
      if (owner.isPresent()) {
        try (OwnerFile held = owner.get()) {
          if (isSettled(stream)) {
            held.delete();
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      // The store, the HSM or the disk may be away. The next start tries again.
      LOG.log(
          Level.WARNING,
          "The audit stream {0}, which its process left open, could not be sealed: {1}",
          stream,
          e);
    }
  }

  /**
   * Returns whether the end of the stream is registered now, or there is nothing to register. A
   * stream with files that the store does not know is none of ours: the store may be an older one.
   */
  private boolean isSettled(UUID stream) throws IOException {
    Optional<RegisteredStream> registered = register.find(stream);
    SortedMap<Integer, Path> files = StreamFiles.in(settings.folder()).get(stream);
    if (files == null || registered.isEmpty()) {
      return files == null && registered.isEmpty();
    }
    if (registered.get().end().isPresent()) {
      return true;
    }
    Optional<StreamEnd> end = seal(stream, files);
    end.ifPresent(reached -> register.closed(stream, clock.instant(), reached));
    return end.isPresent();
  }

  private Optional<StreamEnd> seal(UUID stream, SortedMap<Integer, Path> files) throws IOException {
    int version;
    try (FileScan first = FileScan.open(files.values().iterator().next())) {
      version = first.domainVersion();
    }
    Optional<byte[]> key = keys.keyOf(stream, version);
    if (key.isEmpty()) {
      throw new KmsException.AuditUnavailable(
          "there is no version " + version + " of the domain key", null);
    }
    return new OrphanSeal(settings, notary, clock, stream, files).seal(version, key.get());
  }
}
