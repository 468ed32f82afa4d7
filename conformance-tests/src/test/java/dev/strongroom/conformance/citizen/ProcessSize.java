// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.citizen;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this process holds.
 *
 * @param heapBytes what is in use after garbage was collected
 * @param threads live ones, the fewest of several counts: those that work in the background for a
 *     moment come and go
 * @param files open handles
 */
record ProcessSize(long heapBytes, int threads, long files) {

  static ProcessSize now() throws InterruptedException {
    int threads = Integer.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(200);
      threads = Math.min(threads, ManagementFactory.getThreadMXBean().getThreadCount());
    }
    UnixOperatingSystemMXBean system =
        (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new ProcessSize(
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        threads,
        system.getOpenFileDescriptorCount());
  }
}
