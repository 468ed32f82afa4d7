// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException.StoreUnavailable;

/** Waits for the thread that watches a store: for what it notices, which a busy machine delays. */
final class Outages {
  private static final int NOTICED_MILLIS = 10_000;
  private static final int LOOK_MILLIS = 10;

  private Outages() {}

  /** Returns why the store counts as unreachable, once it does. */
  static StoreUnavailable await(KeyStorage storage) throws InterruptedException {
    for (int i = 0; i < NOTICED_MILLIS / LOOK_MILLIS; i++) {
      try {
        storage.requireReachable();
      } catch (StoreUnavailable e) {
        return e;
      }
      Thread.sleep(LOOK_MILLIS);
    }
    throw new AssertionError("the outage was not noticed");
  }

  /** Returns once the store can be reached again. */
  static void awaitEnd(KeyStorage storage) throws InterruptedException {
    for (int i = 0; i < NOTICED_MILLIS / LOOK_MILLIS; i++) {
      try {
        storage.requireReachable();
        return;
      } catch (StoreUnavailable e) {
        Thread.sleep(LOOK_MILLIS);
      }
    }
    storage.requireReachable();
  }
}
