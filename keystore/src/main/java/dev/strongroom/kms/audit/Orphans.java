// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Seals the streams in the folder whose processes ended without closing them. Whose process may be
 * alive, on this machine or on another that shares the folder, is left alone: only a lock that can
 * be had says that nobody has it. Streams of other folders are not looked at. Of two folders the
 * longer copy is sealed, and the other one then gets what it lacks.
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
      ownersOfOthers().forEach(this::sealIfLeft);
      if (settings.folders().second().isPresent()) {
        new Healing(settings.folders(), keys, register, notary).heal(Set.of());
      }
    }
  }

  /** Returns the owner files of each stream, of which there may be one in each folder. */
  private Map<UUID, List<Path>> ownersOfOthers() {
    Map<UUID, List<Path>> owners = new TreeMap<>();
    for (Path folder : settings.folders().all()) {
      try {
        OwnerFile.sweep(folder, clock.instant());
        OwnerFile.ofOthers(folder)
            .forEach(
                (stream, file) ->
                    owners.computeIfAbsent(stream, id -> new ArrayList<>()).add(file));
      } catch (IOException e) {
        LOG.log(Level.WARNING, "The owners of audit streams could not be listed: " + e);
      }
    }
    return owners;
  }

  private void sealIfLeft(UUID stream, List<Path> ownerFiles) {
    List<OwnerFile> held = new ArrayList<>();
    try {
      for (Path file : ownerFiles) {
        OwnerFile.take(file).ifPresent(held::add);
      }
      if (held.size() == ownerFiles.size() && isSettled(stream)) {
        held.forEach(OwnerFile::delete);
      }
    } catch (IOException | RuntimeException e) {
      // The store, the HSM or the disk may be away. The next start tries again.
      LOG.log(
          Level.WARNING,
          "The audit stream {0}, which its process left open, could not be sealed: {1}",
          stream,
          e);
    } finally {
      held.forEach(OwnerFile::close);
    }
  }

  /**
   * Returns whether the end of the stream is registered now, or there is nothing to register. A
   * stream with files that the store does not know is none of ours: the store may be an older one.
   */
  private boolean isSettled(UUID stream) throws IOException {
    Optional<RegisteredStream> registered = register.find(stream);
    List<Path> holding = foldersWith(stream);
    if (holding.isEmpty() || registered.isEmpty()) {
      return holding.isEmpty() && registered.isEmpty();
    }
    if (registered.get().end().isPresent()) {
      return true;
    }
    Path longest = holding.size() == 1 ? holding.get(0) : longest(stream, holding);
    Optional<StreamEnd> end = seal(stream, filesIn(longest, stream));
    end.ifPresent(reached -> register.closed(stream, clock.instant(), reached));
    return end.isPresent();
  }

  private List<Path> foldersWith(UUID stream) throws IOException {
    List<Path> holding = new ArrayList<>();
    for (Path folder : settings.folders().all()) {
      if (!filesIn(folder, stream).isEmpty()) {
        holding.add(folder);
      }
    }
    return holding;
  }

  private static SortedMap<Integer, Path> filesIn(Path folder, UUID stream) throws IOException {
    return StreamFiles.in(folder).getOrDefault(stream, Collections.emptySortedMap());
  }

  /**
   * Returns which of two copies to seal: the longest that is as it was written. If another one that
   * was changed has more, that is the one, so that it is not sealed: more was recorded than could
   * be vouched for.
   */
  private Path longest(UUID stream, List<Path> folders) {
    Comparator<Verification> byLength =
        Comparator.comparing(Verification::isIntact)
            .thenComparing(Verification::records)
            .thenComparing(Verification::sealedRecords)
            .thenComparing(Verification::checkpointedRecords);
    Path best = folders.get(0);
    Verification ofBest = verify(stream, best);
    Path more = best;
    long mostRecords = ofBest.intactRecords();
    for (Path folder : folders.subList(1, folders.size())) {
      Verification found = verify(stream, folder);
      if (found.intactRecords() > mostRecords) {
        more = folder;
        mostRecords = found.intactRecords();
      }
      if (byLength.compare(found, ofBest) > 0) {
        best = folder;
        ofBest = found;
      }
    }
    return mostRecords > ofBest.records() ? more : best;
  }

  private Verification verify(UUID stream, Path folder) {
    return new AuditVerifier(TrailFolders.of(folder), keys, register, notary).verify(stream);
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
