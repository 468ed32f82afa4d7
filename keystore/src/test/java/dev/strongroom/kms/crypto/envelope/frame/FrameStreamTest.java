// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.DestroyableAesKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Frames leave in order, whoever works on them, and in a fixed number of buffers. */
@Timeout(60)
class FrameStreamTest {
  private static final int FRAME = 1000;
  private static final int WIRE = FRAME + 32;
  private static final byte[] MESSAGE_ID = new byte[32];

  private final DestroyableAesKey key = new DestroyableAesKey(new byte[32]);

  private FrameCipher cipher() {
    return FrameCipher.over(key, MESSAGE_ID);
  }

  private byte[] seal(FrameWorkers workers, byte[] plaintext) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    FrameSink sink = frames -> write(frames, out);
    try (FrameStream stream = new FrameStream(workers, new FrameTask.Seal(FRAME), this::cipher)) {
      ByteBuffer in = ByteBuffer.wrap(plaintext);
      while (in.hasRemaining()) {
        stream.collect(in);
        if (stream.isFull()) {
          stream.process(stream.wholeFrames(), sink);
        }
      }
      stream.process(stream.wholeFrames(), sink);
      stream.drainAll(sink);
      assertEquals(1 + plaintext.length / FRAME, stream.nextSequence());
    }
    return out.toByteArray();
  }

  private static void write(ByteBuffer frames, ByteArrayOutputStream out) {
    out.write(frames.array(), frames.arrayOffset() + frames.position(), frames.remaining());
  }

  /** Opens frames one by one, without a stream. */
  private byte[] open(byte[] frames) {
    FrameFormat format = new FrameFormat(cipher());
    ByteBuffer in = ByteBuffer.wrap(frames);
    ByteBuffer out = ByteBuffer.allocate(frames.length);
    for (long sequence = 1; in.position() < frames.length; sequence++) {
      in.limit(in.position() + WIRE);
      format.open(sequence, in, out);
    }
    byte[] plaintext = new byte[out.flip().remaining()];
    out.get(plaintext);
    return plaintext;
  }

  private static byte[] plaintext(int frames) {
    byte[] bytes = new byte[frames * FRAME];
    new Random(frames).nextBytes(bytes);
    return bytes;
  }

  @Test
  void framesLeaveInOrder() throws IOException {
    byte[] plaintext = plaintext(8000);
    try (FrameWorkers workers = FrameWorkers.create(8)) {
      assertArrayEquals(plaintext, open(seal(workers, plaintext)));
    }
  }

  @Test
  void aMessageIsFinishedThoughAllWorkersAreStuck() throws IOException {
    byte[] plaintext = plaintext(8000);
    CountDownLatch never = new CountDownLatch(1);
    try (FrameWorkers workers = FrameWorkers.create(2)) {
      for (int i = 0; i < 2; i++) {
        workers.execute(() -> awaitUninterruptibly(never));
      }
      assertArrayEquals(plaintext, open(seal(workers, plaintext)));
      never.countDown();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void manyMessagesShareTheirWorkers() throws Exception {
    byte[] plaintext = plaintext(3000);
    Set<String> failures = ConcurrentHashMap.newKeySet();
    try (FrameWorkers workers = FrameWorkers.create(2)) {
      Thread[] threads = new Thread[6];
      for (int i = 0; i < threads.length; i++) {
        threads[i] =
            new Thread(
                () -> {
                  try {
                    assertArrayEquals(plaintext, open(seal(workers, plaintext)));
                  } catch (IOException | AssertionError e) {
                    failures.add(e.toString());
                  }
                });
        threads[i].start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertEquals(Set.of(), failures);
  }

  @Test
  void theNumberOfBuffersDoesNotGrowWithTheMessage() throws IOException {
    Set<Integer> buffers = ConcurrentHashMap.newKeySet();
    byte[] plaintext = plaintext(300);
    try (FrameWorkers workers = FrameWorkers.create(3);
        FrameStream stream = new FrameStream(workers, new FrameTask.Seal(FRAME), this::cipher)) {
      FrameSink sink = frames -> buffers.add(System.identityHashCode(frames));
      for (int i = 0; i < 300; i++) {
        ByteArrayInputStream in = new ByteArrayInputStream(plaintext);
        while (stream.collectFrom(in)) {
          if (stream.isFull()) {
            stream.process(stream.wholeFrames(), sink);
          }
        }
      }
      stream.drainAll(sink);
    }
    assertTrue(buffers.size() <= 3 * 2 + 2 + 1, buffers.size() + " buffers");
  }

  @Test
  void workersAreDaemonsWithoutAClassLoader() throws InterruptedException {
    Thread[] worker = new Thread[1];
    CountDownLatch ran = new CountDownLatch(1);
    try (FrameWorkers workers = FrameWorkers.create(2)) {
      workers.execute(
          () -> {
            worker[0] = Thread.currentThread();
            ran.countDown();
          });
      ran.await();
    }
    assertTrue(worker[0].isDaemon());
    assertEquals(null, worker[0].getContextClassLoader());
  }

  @Test
  void theLastSequenceNumberIsNotPassed() {
    FrameFormat format = new FrameFormat(cipher());
    ByteBuffer out = ByteBuffer.allocate(100);
    format.seal(0xFFFFFFFEL, ByteBuffer.allocate(1), out);
    assertThrows(
        KmsException.LimitExceeded.class,
        () -> format.seal(0xFFFFFFFFL, ByteBuffer.allocate(1), ByteBuffer.allocate(100)));
    ByteBuffer opened = ByteBuffer.allocate(1);
    format.open(0xFFFFFFFEL, out.flip(), opened);
    assertFalse(opened.hasRemaining());
  }

  @Test
  void aFrameMayHaveAnotherIv() throws Exception {
    Cipher engine = Cipher.getInstance("AES/GCM/NoPadding");
    byte[] iv = "any other iv".getBytes(StandardCharsets.US_ASCII);
    engine.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, iv));
    engine.updateAAD(MESSAGE_ID);
    engine.updateAAD("AWSKMSEncryptionClient Frame".getBytes(StandardCharsets.US_ASCII));
    engine.updateAAD(ByteBuffer.allocate(12).putInt(7).putLong(3).flip());
    ByteBuffer frame = ByteBuffer.allocate(100).putInt(7).put(iv);
    frame.put(engine.doFinal(new byte[] {1, 2, 3}));
    ByteBuffer out = ByteBuffer.allocate(3);
    new FrameFormat(cipher()).open(7, frame.flip(), out);
    assertArrayEquals(new byte[] {1, 2, 3}, out.array());
  }

  @Test
  void aDestroyedKeyIsZeroedAndSealsNoMore() {
    byte[] bytes = plaintext(1);
    byte[] start = Arrays.copyOf(bytes, 32);
    DestroyableAesKey destroyed = new DestroyableAesKey(start);
    FrameCipher cipher = FrameCipher.over(destroyed, MESSAGE_ID);
    cipher.sealHeader(new byte[100]);
    destroyed.destroy();
    assertArrayEquals(new byte[32], start);
    assertTrue(destroyed.isDestroyed());
    assertThrows(IllegalStateException.class, () -> cipher.sealHeader(new byte[100]));
    assertThrows(IllegalStateException.class, destroyed::getEncoded);
    assertEquals("DestroyableAesKey[256 bits]", destroyed.toString());
  }

  @Test
  void aKeyIsNotSerialized() throws IOException {
    try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
      assertThrows(NotSerializableException.class, () -> out.writeObject(key));
    }
  }
}
