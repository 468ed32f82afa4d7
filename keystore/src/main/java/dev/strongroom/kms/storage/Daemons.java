// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

/** How this package starts threads: they keep neither the process nor an application alive. */
final class Daemons {
  private Daemons() {}

  /** Starts a thread without a context class loader and without inherited thread-locals. */
  @SuppressWarnings("ThreadPriorityCheck") // a courtesy to the application; nothing depends on it
  static Thread start(String name, int priority, Runnable work) {
    Thread thread = new Thread(null, work, name, 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.setPriority(priority);
    thread.start();
    return thread;
  }
}
