// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.EncryptionContext;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One subkey and the IVs that it is used with.
 *
 * <p>An IV is {@code lane 4 || counter 8}. A lane belongs to one cipher object, which one thread
 * uses at a time, so its counter needs no lock; lanes are never used again. The counter moves
 * before sealing, so that a seal that fails burns its IV. Messages are taken from the epoch in
 * lots: those of a lot that are not sealed count as taken.
 *
 * <p>A counter would go on alike in two copies of a running process. Where random bytes are drawn
 * singly against that, so are IVs: 96 random bits (SP 800-38D §8.2.2), of which 2^24 under one
 * subkey meet with a chance below 2^-48.
 */
final class SealingEpoch {
  static final long MAX_MESSAGES = 1L << 24;
  static final Duration MAX_AGE = Duration.ofMinutes(5);
  private static final int LOT = 256;

  private final byte[] header;
  private final DestroyableAesKey subkey;
  private final RandomBytes random;
  private final long bornNanos;
  private final AtomicInteger lanes = new AtomicInteger();
  private final AtomicLong taken = new AtomicLong();
  private final Slots<Lane> ciphers = new Slots<>(this::newLane);
  private volatile boolean spent;

  /** Takes ownership of the arrays; {@code header} is a blob up to its IV. */
  SealingEpoch(byte[] header, DestroyableAesKey subkey, RandomBytes random, long bornNanos) {
    this.header = header;
    this.subkey = subkey;
    this.random = random;
    this.bornNanos = bornNanos;
  }

  private Lane newLane() {
    return new Lane(new GcmCipher(subkey), lanes.getAndIncrement());
  }

  boolean isOpen(long nowNanos) {
    return !spent && nowNanos - bornNanos < MAX_AGE.toNanos();
  }

  /** Returns a blob, or null where the epoch has no message left. */
  byte @Nullable [] seal(byte[] plaintext, EncryptionContext context) {
    Lane lane = ciphers.take();
    if (lane.left == 0 && !refill(lane)) {
      return null;
    }
    byte[] blob = Arrays.copyOf(header, CiphertextBlob.OVERHEAD + plaintext.length);
    lane.left--;
    ByteBuffer iv = ByteBuffer.wrap(blob, CiphertextBlob.IV_AT, CiphertextBlob.IV_BYTES);
    if (random.areDrawnSingly()) {
      iv.put(random.next(CiphertextBlob.IV_BYTES));
    } else {
      lane.counter++;
      iv.putInt(lane.number).putLong(lane.counter);
    }
    try {
      lane.cipher.seal(blob, plaintext, context);
    } catch (IllegalStateException e) {
      if (spent) {
        return null; // the subkey was wiped between the look at the epoch and its use
      }
      throw e;
    }
    ciphers.giveBack(lane);
    return blob;
  }

  private boolean refill(Lane lane) {
    if (taken.addAndGet(LOT) > MAX_MESSAGES) {
      spent = true;
      return false;
    }
    lane.left = LOT;
    return true;
  }

  /** Wipes the subkey. A seal that is under way ends with the cipher's own copy. */
  void destroy() {
    spent = true;
    subkey.destroy();
  }

  /** A cipher with the IVs that are its own. */
  private static final class Lane {
    private final GcmCipher cipher;
    private final int number;
    private long counter;
    private int left;

    Lane(GcmCipher cipher, int number) {
      this.cipher = cipher;
      this.number = number;
    }
  }
}
