// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.citizen;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Notes each transaction of a store that threads of the application caused, by its log. */
final class StoreAccesses extends Handler implements AutoCloseable {
  private final Logger logger = Logger.getLogger("dev.strongroom.kms.storage.Connections");
  private final List<String> seen = new CopyOnWriteArrayList<>();

  private StoreAccesses() {}

  static StoreAccesses count() {
    StoreAccesses accesses = new StoreAccesses();
    accesses.setLevel(Level.ALL);
    accesses.logger.setLevel(Level.FINER);
    accesses.logger.addHandler(accesses);
    return accesses;
  }

  /** The store's own threads look for changes of others at any time. */
  @Override
  public void publish(LogRecord record) {
    String thread = Thread.currentThread().getName();
    if (record.getLevel().equals(Level.FINER) && !thread.startsWith("strongroom-")) {
      seen.add(record.getMessage() + " in " + thread);
    }
  }

  List<String> seen() {
    return List.copyOf(seen);
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
    logger.setLevel(null);
  }
}
