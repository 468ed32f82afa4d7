// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.KeyMaterialId;
import dev.strongroom.kms.key.OpenKey;
import dev.strongroom.kms.metrics.SubkeyCounters;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Sealing and opening of ciphertext blobs under a backing key in this JVM. */
class BlobTest {
  private static final EncryptionContext CONTEXT = EncryptionContext.of(Map.of("tenant", "a"));
  private static final byte[] PLAINTEXT =
      "attack at dawn".getBytes(java.nio.charset.StandardCharsets.UTF_8);

  private final AtomicLong now = new AtomicLong(System.nanoTime());
  private final AtomicInteger derivations = new AtomicInteger();
  private final SubkeyCounters counters = new SubkeyCounters();
  private final OpenKey backingKey = counting(new SoftwareSecret(KeyMaterial.owning(new byte[32])));
  private final BlobSealer sealer = sealer(new KeyId(UUID.randomUUID()), backingKey);
  private final BlobOpener opener = new BlobOpener(() -> backingKey, now::get, counters);

  private BlobSealer sealer(KeyId keyId, OpenKey key) {
    RandomBytes random = RandomBytes.inBlocks(new SecureRandom()::nextBytes, now::get);
    return new BlobSealer(
        keyId, new KeyMaterialId(new byte[32]), () -> key, random, now::get, counters);
  }

  private OpenKey counting(OpenKey key) {
    return new CountingKey(key, derivations);
  }

  @Test
  void whatIsSealedOpens() {
    byte[] blob = sealer.seal(PLAINTEXT, CONTEXT);

    assertEquals(PLAINTEXT.length + CiphertextBlob.OVERHEAD, blob.length);
    assertEquals(117, CiphertextBlob.OVERHEAD);
    assertArrayEquals(PLAINTEXT, opener.open(CiphertextBlob.parse(blob), CONTEXT));
  }

  @Test
  void sealingTwiceGivesDifferentBlobs() {
    assertFalse(Arrays.equals(sealer.seal(PLAINTEXT, CONTEXT), sealer.seal(PLAINTEXT, CONTEXT)));
  }

  @Test
  void aWarmKeyIsNotAskedForEachMessage() {
    sealer.seal(PLAINTEXT, CONTEXT);
    opener.open(CiphertextBlob.parse(sealer.seal(PLAINTEXT, CONTEXT)), CONTEXT);
    int before = derivations.get();

    for (int i = 0; i < 1000; i++) {
      opener.open(CiphertextBlob.parse(sealer.seal(PLAINTEXT, CONTEXT)), CONTEXT);
    }

    assertEquals(before, derivations.get());
  }

  @Test
  void everyFlippedBitIsRefused() {
    byte[] blob = sealer.seal(PLAINTEXT, CONTEXT);

    for (int bit = 0; bit < 8 * blob.length; bit++) {
      byte[] changed = blob.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThrows(
          KmsException.InvalidCiphertext.class,
          () -> opener.open(CiphertextBlob.parse(changed), CONTEXT),
          "bit " + bit);
    }
  }

  @Test
  void everyTruncationAndAnExtensionAreRefused() {
    byte[] blob = sealer.seal(PLAINTEXT, CONTEXT);

    for (int length = 0; length <= blob.length + 1; length++) {
      byte[] changed = Arrays.copyOf(blob, length);
      if (length != blob.length) {
        assertThrows(
            KmsException.InvalidCiphertext.class,
            () -> opener.open(CiphertextBlob.parse(changed), CONTEXT));
      }
    }
  }

  @Test
  void anotherContextIsRefusedInTheSameWords() {
    byte[] blob = sealer.seal(PLAINTEXT, CONTEXT);
    byte[] changed = blob.clone();
    changed[blob.length - 1] ^= 1;

    KmsException wrongContext =
        assertThrows(
            KmsException.InvalidCiphertext.class,
            () -> opener.open(CiphertextBlob.parse(blob), EncryptionContext.EMPTY));
    KmsException wrongTag =
        assertThrows(
            KmsException.InvalidCiphertext.class,
            () -> opener.open(CiphertextBlob.parse(changed), CONTEXT));

    assertEquals(wrongTag.getMessage(), wrongContext.getMessage());
  }

  @Test
  void aForeignCommitmentLeavesNothingInTheCache() {
    byte[] blob = sealer.seal(PLAINTEXT, CONTEXT);
    byte[] changed = blob.clone();
    changed[CiphertextBlob.NONCE_AT] ^= 1;
    assertThrows(
        KmsException.InvalidCiphertext.class,
        () -> opener.open(CiphertextBlob.parse(changed), CONTEXT));
    int before = derivations.get();

    assertThrows(
        KmsException.InvalidCiphertext.class,
        () -> opener.open(CiphertextBlob.parse(changed), CONTEXT));

    assertEquals(before + 1, derivations.get(), "only the commitment, and again each time");
  }

  @Test
  void anEpochEndsAfterFiveMinutes() {
    byte[] first = sealer.seal(PLAINTEXT, CONTEXT);
    now.addAndGet(Duration.ofMinutes(5).toNanos());

    byte[] second = sealer.seal(PLAINTEXT, CONTEXT);

    assertNotEquals(nonce(first), nonce(second));
    assertArrayEquals(PLAINTEXT, opener.open(CiphertextBlob.parse(first), CONTEXT));
  }

  @Test
  void anEpochGivesNoMoreThanItsMessages() {
    SealingEpoch epoch =
        new SealingEpoch(
            new byte[CiphertextBlob.IV_AT],
            new DestroyableAesKey(new byte[32]),
            RandomBytes.inBlocks(new SecureRandom()::nextBytes, now::get),
            now.get());
    Set<ByteBuffer> ivs = ConcurrentHashMap.newKeySet();
    int sealed = 0;
    for (byte[] blob = epoch.seal(new byte[0], EncryptionContext.EMPTY);
        blob != null && sealed < 100_000;
        blob = epoch.seal(new byte[0], EncryptionContext.EMPTY)) {
      assertTrue(ivs.add(iv(blob)), "an IV was used twice");
      sealed++;
    }

    assertEquals(100_000, sealed);
  }

  @Test
  void ivsOfManyThreadsAreAllDifferent() throws InterruptedException {
    Set<ByteBuffer> seen = ConcurrentHashMap.newKeySet();
    AtomicInteger repeated = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(8);
    for (int thread = 0; thread < 8; thread++) {
      threads.execute(
          () -> {
            for (int i = 0; i < 20_000; i++) {
              byte[] blob = sealer.seal(PLAINTEXT, CONTEXT);
              if (!seen.add(
                  ByteBuffer.wrap(
                      Arrays.copyOfRange(
                          blob, CiphertextBlob.NONCE_AT, CiphertextBlob.CIPHERTEXT_AT)))) {
                repeated.incrementAndGet();
              }
            }
          });
    }
    threads.shutdown();
    assertTrue(threads.awaitTermination(1, TimeUnit.MINUTES));

    assertEquals(0, repeated.get());
    assertEquals(160_000, seen.size());
  }

  @Test
  void sealingGoesOnWhileEpochsAreForgotten() throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    AtomicInteger failures = new AtomicInteger();
    for (int thread = 0; thread < 4; thread++) {
      threads.execute(
          () -> {
            for (int i = 0; i < 5_000; i++) {
              try {
                byte[] blob = sealer.seal(PLAINTEXT, CONTEXT);
                if (i % 16 == 0) {
                  sealer.forget();
                  opener.forget();
                }
                opener.open(CiphertextBlob.parse(blob), CONTEXT);
              } catch (RuntimeException e) {
                failures.incrementAndGet();
              }
            }
          });
    }
    threads.shutdown();
    assertTrue(threads.awaitTermination(1, TimeUnit.MINUTES));

    assertEquals(0, failures.get());
  }

  @Test
  void aKeyWithoutSubkeyCacheDerivesForEachMessage() {
    byte[] first = sealer.sealOnce(PLAINTEXT, CONTEXT);
    byte[] second = sealer.sealOnce(PLAINTEXT, CONTEXT);

    assertNotEquals(nonce(first), nonce(second));
    assertArrayEquals(PLAINTEXT, opener.openOnce(CiphertextBlob.parse(first), CONTEXT));
  }

  private static ByteBuffer nonce(byte[] blob) {
    return ByteBuffer.wrap(
        Arrays.copyOfRange(blob, CiphertextBlob.NONCE_AT, CiphertextBlob.COMMITMENT_AT));
  }

  private static ByteBuffer iv(byte[] blob) {
    return ByteBuffer.wrap(
        Arrays.copyOfRange(blob, CiphertextBlob.IV_AT, CiphertextBlob.CIPHERTEXT_AT));
  }
}
