// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope.frame;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * Batches of frames that are worked on side by side and leave in the order in which they came.
 * There is a fixed number of batches, so that a message of any length takes the same memory.
 *
 * <p>The thread that feeds it works, too, when there is nothing else for it to do; workers that are
 * busy elsewhere, or gone, cost speed and never block. Used by one thread.
 */
final class FramePipeline implements AutoCloseable {
  private final FrameWorkers workers;
  private final Supplier<FrameBatch> batches;
  private final Deque<FrameBatch> free = new ArrayDeque<>();
  private final Deque<FrameBatch> inFlight = new ArrayDeque<>();
  private int unmade;

  FramePipeline(FrameWorkers workers, Supplier<FrameBatch> batches) {
    this.workers = workers;
    this.batches = batches;
    this.unmade = workers.batchesInFlight();
  }

  /** Returns an empty batch, after passing on results where none was free. */
  FrameBatch take(FrameSink sink) throws IOException {
    drainFinished(sink);
    if (free.isEmpty() && unmade > 0) {
      unmade--;
      return batches.get();
    }
    if (free.isEmpty()) {
      drainFirst(sink);
    }
    return free.remove();
  }

  /** Hands over a batch, which {@link FrameBatch#submit} made ready. */
  void submit(FrameBatch batch) {
    inFlight.add(batch);
    workers.execute(batch);
  }

  void drainFinished(FrameSink sink) throws IOException {
    while (!inFlight.isEmpty() && inFlight.getFirst().isDone()) {
      drainFirst(sink);
    }
  }

  void drainAll(FrameSink sink) throws IOException {
    while (!inFlight.isEmpty()) {
      drainFirst(sink);
    }
  }

  private void drainFirst(FrameSink sink) throws IOException {
    FrameBatch first = inFlight.getFirst();
    while (!first.isDone() && helpOut()) {}
    sink.accept(first.await());
    free.add(inFlight.removeFirst());
  }

  private boolean helpOut() {
    for (FrameBatch batch : inFlight) {
      if (batch.runIfWaiting()) {
        return true;
      }
    }
    return false;
  }

  /** Ends the work that has not begun, waits for the rest, and wipes all buffers. */
  @Override
  public void close() {
    inFlight.forEach(FrameBatch::abandon);
    inFlight.clear();
    free.forEach(FrameBatch::wipe);
    free.clear();
    unmade = 0;
  }
}
