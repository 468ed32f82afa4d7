// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Which recorder takes records. There is one, until the disk that it writes to does not answer:
 * then its thread is stuck, or a call that holds its lock. Where the other folder works, another
 * recorder takes over there, with a stream of its own; the first ends its stream when its disk lets
 * it.
 *
 * <p>Thread-safe. Nothing here waits for a disk.
 */
final class Succession {
  private static final long LONGEST_WAIT_MILLIS = 3000;

  private final JournalSettings settings;
  private final JournalDuty duty;
  private final Clock clock;
  private final Destinations destinations;
  private volatile Recorder active;
  private @Nullable Recorder stuck;
  private long recordsBefore;
  private long bytesBefore;

  Succession(JournalSettings settings, JournalDuty duty, Clock clock) {
    this.settings = settings;
    this.duty = duty;
    this.clock = clock;
    this.destinations = new Destinations(settings.folders());
    this.active = recorder();
  }

  private Recorder recorder() {
    return new Recorder(settings, duty, clock, destinations, this);
  }

  /** Returns the recorder that takes records now. */
  Recorder active() {
    return active;
  }

  Destinations destinations() {
    return destinations;
  }

  /** Replaces a recorder that cannot go on, if another could. */
  void replace(Recorder stalled) {
    Path folder = stalled.folder();
    Throwable cause = new TimeoutException("it does not answer");
    if (folder != null && isReplaced(stalled, folder, cause)) {
      destinations.tell(folder, cause);
    }
  }

  /** Returns whether it was, and nobody knew that the folder fails. */
  private synchronized boolean isReplaced(Recorder stalled, Path folder, Throwable cause) {
    boolean canGoOn = destinations.other(folder).filter(destinations::works).isPresent();
    boolean isOneStuck = stuck != null && stuck.isBusy();
    if (stalled != active || isOneStuck || !canGoOn) {
      return false;
    }
    retire();
    stuck = stalled;
    stalled.supersede();
    boolean isNews = destinations.avoid(folder, cause);
    active = recorder();
    return isNews;
  }

  /** What a recorder wrote that came to its end counts further on. */
  private void retire() {
    Recorder ended = stuck;
    if (ended != null) {
      recordsBefore += ended.state().records();
      bytesBefore += ended.state().bytes();
    }
  }

  /** Returns how the writing stands; what a recorder wrote that is stuck is counted later. */
  JournalState state() {
    JournalState current = active.state();
    synchronized (this) {
      Recorder ended = stuck;
      JournalState counted =
          ended == null || ended.isBusy()
              ? current
              : current.plus(ended.state().records(), ended.state().bytes());
      return counted.plus(recordsBefore, bytesBefore);
    }
  }

  /** Ends all streams; one whose disk does not answer is left to the next start. */
  void close() {
    active.close();
    Recorder ending;
    synchronized (this) {
      ending = stuck;
    }
    if (ending != null) {
      ending.awaitEnd(LONGEST_WAIT_MILLIS);
    }
  }
}
