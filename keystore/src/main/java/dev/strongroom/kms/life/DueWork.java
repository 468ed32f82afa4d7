// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.life;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/**
 * How all that falls due is done: look, do a batch key by key, and leave what fails to the next
 * look. Thread-safe.
 */
public final class DueWork {

  /** So many are done before the next look at the time. */
  static final int BATCH = 100;

  private final Logger log;
  private final String what;

  /**
   * @param what has to wait when a look fails, in the plural: "Keys that are due for rotation"
   */
  public DueWork(Logger log, String what) {
    this.log = log;
    this.what = what;
  }

  /** What is done about one key. */
  interface Step {

    /** Returns whether anything was done. */
    boolean isDone(KeyId key);
  }

  /** Runs one look. What fails is tried again by the next one: a log line says so. */
  public void look(Runnable look) {
    try {
      look.run();
    } catch (KmsException e) {
      log.log(Level.WARNING, what + " have to wait: " + e.getMessage());
    } catch (IllegalStateException e) {
      log.log(Level.DEBUG, "The KMS was closed meanwhile", e);
    }
  }

  /**
   * Does each key. One whose rows were altered, or that somebody else changes, must not keep the
   * others.
   *
   * @return of how many anything was done
   */
  int each(List<KeyId> due, Step step) {
    int done = 0;
    for (KeyId key : due) {
      try {
        done += step.isDone(key) ? 1 : 0;
      } catch (KmsException.Conflict e) {
        log.log(Level.DEBUG, "Somebody else changed key {0}: the next look tells", key);
      } catch (KmsException.StoreTampered e) {
        log.log(Level.WARNING, what + ": " + key + " stays as it is. " + e.getMessage());
      }
    }
    return done;
  }
}
