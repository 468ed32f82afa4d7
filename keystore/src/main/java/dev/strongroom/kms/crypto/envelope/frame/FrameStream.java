// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope.frame;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All frames of one message but the last: collects their bytes, has them sealed or opened, and
 * passes the results on in order. What it needs of memory does not depend on the length of the
 * message.
 *
 * <p>It begins frame by frame in the thread that feeds it, and goes over to batches and workers
 * when the message turns out to be long. Used by one thread.
 */
public final class FrameStream implements AutoCloseable {

  /** How much of a message stays in its own thread: for less, others cost more than they give. */
  private static final int INLINE_BYTES = 1 << 20;

  /** From here on the warm-up pays: this much takes as long as it in a young JVM. */
  private static final int WARM_UP_BYTES = 1 << 22;

  /** What a worker does at a time: long against waking a thread, and within a core's cache. */
  private static final int BATCH_BYTES = 1 << 18;

  /** So much input at once is worked on where it is: copying it costs as much as sealing it. */
  private static final int LENT_BYTES = 1 << 20;

  /** Longer frames stay in their own thread: many of them at a time would take too much memory. */
  private static final int MOST_PARALLEL_BYTES = 1 << 20;

  private final FrameWorkers workers;
  private final FrameTask task;
  private final Supplier<FrameCipher> ciphers;
  private final FrameFormat format;
  private FrameBatch batch;
  private @Nullable FramePipeline pipeline;
  private long nextSequence = 1;
  private long processed;
  private boolean lent;

  /**
   * @param ciphers makes one more cipher over the message's key
   */
  public FrameStream(FrameWorkers workers, FrameTask task, Supplier<FrameCipher> ciphers) {
    this.workers = workers;
    this.task = task;
    this.ciphers = ciphers;
    this.format = new FrameFormat(ciphers.get());
    this.batch = new FrameBatch(task, format, 1);
  }

  /** Takes of {@code in} what is missing to be full. */
  public void collect(ByteBuffer in) {
    batch.fill(in);
  }

  /**
   * As {@link #collect}, of what one {@code read} gives; returns false at the end of the stream.
   */
  public boolean collectFrom(InputStream in) throws IOException {
    return batch.fillFrom(in);
  }

  /** Returns a view of what was collected and not processed. */
  public ByteBuffer collected() {
    return batch.filled(0);
  }

  /** Returns whether nothing was collected that is not processed. */
  public boolean isEmpty() {
    return batch.size() == 0;
  }

  /** Returns how many whole frames were collected. */
  public int wholeFrames() {
    return batch.wholeFrames();
  }

  /** Returns whether so many frames were collected that they should be processed now. */
  public boolean isFull() {
    return batch.isFull();
  }

  /** Returns whether there is, besides, a byte that belongs to the next frame. */
  public boolean isBeyondFull() {
    return batch.isBeyondFull();
  }

  /** Processes the first frames that were collected, now or soon. What is behind them is kept. */
  public void process(int frames, FrameSink sink) throws IOException {
    int bytes = frames * task.inputBytes();
    if (pipeline == null) {
      sink.accept(batch.process(batch.filled(0), nextSequence, frames));
      batch.discard(bytes);
    } else if (frames > 0) {
      ByteBuffer rest = ByteBuffer.wrap(batch.copyFrom(bytes));
      submit(batch.filled(0), frames, sink);
      batch.fill(rest);
    }
    advance(frames, sink);
  }

  private void submit(ByteBuffer in, int frames, FrameSink sink) throws IOException {
    FramePipeline workedOn = Objects.requireNonNull(pipeline);
    batch.submit(in, nextSequence, frames);
    workedOn.submit(batch);
    batch = workedOn.take(sink);
  }

  /**
   * Returns how many frames of {@code in} are best processed without collecting them first: 0 if
   * some are waiting, or if the workers would have to be waited for too soon.
   */
  public int framesToLend(ByteBuffer in) {
    if (batch.size() > 0 || (pipeline != null && in.remaining() < LENT_BYTES)) {
      return 0;
    }
    return Math.min(batch.capacity(), in.remaining() / task.inputBytes());
  }

  /**
   * Processes frames at the position of {@code in}, no more than {@link #framesToLend} says, and
   * moves it. The bytes are lent until {@link #drainFinished} or {@link #drainAll} returns.
   */
  public void processLent(ByteBuffer in, int frames, FrameSink sink) throws IOException {
    if (pipeline == null) {
      sink.accept(batch.process(in, nextSequence, frames));
    } else {
      int bytes = frames * task.inputBytes();
      submit(in.slice().limit(bytes), frames, sink);
      in.position(in.position() + bytes);
      lent = true;
    }
    advance(frames, sink);
  }

  private void advance(int frames, FrameSink sink) throws IOException {
    nextSequence += frames;
    long before = processed;
    processed += (long) frames * task.inputBytes();
    if (before < INLINE_BYTES && processed >= INLINE_BYTES) {
      goParallel(sink);
    }
    if (before < WARM_UP_BYTES && processed >= WARM_UP_BYTES) {
      workers.warmUp(task);
    }
  }

  private void goParallel(FrameSink sink) throws IOException {
    if (!workers.areSeveral() || task.inputBytes() > MOST_PARALLEL_BYTES) {
      return;
    }
    int frames = Math.max(1, BATCH_BYTES / task.inputBytes());
    pipeline = new FramePipeline(workers, () -> newBatch(frames));
    FrameBatch inline = batch;
    batch = pipeline.take(sink);
    batch.fill(inline.filled(0));
    inline.wipe();
  }

  // Each batch has a cipher of its own: they are used by several threads at a time.
  private FrameBatch newBatch(int frames) {
    return new FrameBatch(task, new FrameFormat(ciphers.get()), frames);
  }

  /** Passes on the results that are there, and those of bytes that were lent. */
  public void drainFinished(FrameSink sink) throws IOException {
    if (lent) {
      drainAll(sink);
    } else if (pipeline != null) {
      pipeline.drainFinished(sink);
    }
  }

  /** Passes on all results. */
  public void drainAll(FrameSink sink) throws IOException {
    if (pipeline != null) {
      pipeline.drainAll(sink);
    }
    lent = false;
  }

  /** Returns the number of the first frame that was not processed: in the end, of the last one. */
  public long nextSequence() {
    return nextSequence;
  }

  /** Returns what the last frame is sealed or opened with, in this thread. */
  public FrameFormat format() {
    return format;
  }

  @Override
  public void close() {
    if (pipeline != null) {
      pipeline.close();
    }
    batch.wipe();
  }
}
