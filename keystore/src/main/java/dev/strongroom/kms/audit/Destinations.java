// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The folders that journals are written to, and which of them fail. That one does is said once, in
 * the log, by {@code doctor} and by a counter; calls go on while the other works.
 *
 * <p>Thread-safe; log messages are sent without a lock.
 */
final class Destinations {
  private static final Logger LOG = System.getLogger(Destinations.class.getName());

  private final List<Path> folders;
  private final Map<Path, Throwable> failing = new LinkedHashMap<>();
  private final Set<UUID> givenUp = new HashSet<>();
  private long failures;
  private boolean isHealingDue;

  Destinations(TrailFolders folders) {
    this.folders = folders.all();
  }

  /** Returns whether there are two. */
  boolean isPair() {
    return folders.size() > 1;
  }

  /**
   * Returns the folders in the order in which a new stream should be tried: those that work first.
   */
  synchronized List<Path> inOrder() {
    List<Path> order = new ArrayList<>(folders);
    order.sort((a, b) -> Boolean.compare(failing.containsKey(a), failing.containsKey(b)));
    return order;
  }

  /** Returns the folder beside this one. */
  Optional<Path> other(Path folder) {
    return folders.stream().filter(candidate -> !candidate.equals(folder)).findFirst();
  }

  /** Returns whether a folder, as far as is known, takes records. */
  synchronized boolean works(Path folder) {
    return !failing.containsKey(folder);
  }

  /** A folder cannot be written, or does not answer. */
  void failed(Path folder, Throwable cause) {
    if (avoid(folder, cause)) {
      tell(folder, cause);
    }
  }

  /** Does the same without telling. Returns whether that is to be told. */
  synchronized boolean avoid(Path folder, Throwable cause) {
    if (!isPair() || failing.containsKey(folder)) {
      return false;
    }
    failing.put(folder, cause);
    failures++;
    isHealingDue = true;
    return true;
  }

  void tell(Path folder, Throwable cause) {
    LOG.log(
        Level.WARNING,
        "The audit trail cannot be written to {0} ({1}). Records go to {2}; {0} is caught up as soon"
            + " as it can be written.",
        folder,
        cause,
        other(folder).map(Path::toString).orElse("no other folder"));
  }

  /** A folder takes records. */
  void recovered(Path folder) {
    boolean wasFailing;
    synchronized (this) {
      wasFailing = failing.remove(folder) != null;
    }
    if (wasFailing) {
      LOG.log(Level.INFO, "The audit trail in {0} can be written again", folder);
    }
  }

  /** A stream of this process goes on in another, since one folder could not be written. */
  synchronized void gaveUp(UUID stream) {
    givenUp.add(stream);
  }

  synchronized Set<UUID> givenUp() {
    return Set.copyOf(givenUp);
  }

  /** Returns whether one failed since this was asked, and none does now. */
  synchronized boolean takeHealing() {
    boolean isDue = isHealingDue && failing.isEmpty();
    isHealingDue &= !isDue;
    return isDue;
  }

  /** Returns the folders that fail, and why; empty where there is one folder only. */
  synchronized Map<Path, Throwable> failing() {
    return Map.copyOf(failing);
  }

  /** Returns how often one began to fail. */
  synchronized long failures() {
    return failures;
  }
}
