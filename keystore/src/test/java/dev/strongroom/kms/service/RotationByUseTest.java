// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.MacAlgorithm;
import dev.strongroom.kms.RotationType;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.audit.AuditQuery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that get new material after so many messages or bytes, counted over all processes. */
class RotationByUseTest extends DueScene {
  private static final EncryptionAlgorithm ALGORITHM = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  private static final EncryptionContext NONE = EncryptionContext.EMPTY;
  private static final int LIMIT = 1000;

  /** What a process may be ahead of the store. */
  private static final int SHARE = LIMIT / 16;

  private final KeyId key;

  RotationByUseTest(@TempDir Path home) {
    super(home);
    key = key(CmkSpec.SYMMETRIC_DEFAULT);
  }

  private void limitMessages(KeyId id, long messages) {
    kms.enableKeyRotation(
        root, EnableKeyRotationRequest.of(id, 365).overlapping().afterMessages(messages));
  }

  private EncryptResult encrypt(Kms through, Caller caller, int bytes) {
    return through.encrypt(caller, key, ALGORITHM, new byte[bytes], NONE);
  }

  private KeyRotationStatus.Use use(KeyId id) {
    return kms.getKeyRotationStatus(root, id).use().orElseThrow();
  }

  private String material(KeyId id) {
    return kms.describeKey(root, id).keyMaterialId();
  }

  @Test
  void keyRotatesAtItsLimitAndCountsAnew() {
    limitMessages(key, LIMIT);
    String first = material(key);
    byte[] blob = encrypt(kms, root, 1).ciphertextBlob();
    for (int i = 1; i < LIMIT - SHARE; i++) {
      encrypt(kms, root, 1);
    }
    assertEquals(first, material(key));

    for (int i = 0; i < 2 * SHARE; i++) {
      encrypt(kms, root, 1);
    }

    assertNotEquals(first, material(key));
    assertTrue(use(key).messages() <= 2 * SHARE, use(key).toString());
    assertArrayEquals(new byte[1], kms.decrypt(root, null, ALGORITHM, blob, NONE).plaintext());
    List<KeyRotationEntry> made = kms.listKeyRotations(root, key, false, null, 10).items();
    assertEquals(1, made.size());
    assertEquals(Optional.of(RotationType.AUTOMATIC), made.get(0).type());
    assertEquals(
        1,
        kms.lookupEvents(
                root,
                AuditQuery.newest(10)
                    .with(
                        new AuditQuery.Attribute(AuditQuery.AttributeKey.EVENT_NAME, "RotateKey")))
            .size());
  }

  @Test
  void allThatUsesTheMaterialCountsAndNothingElse() {
    limitMessages(key, LIMIT);
    byte[] blob = encrypt(kms, root, 100).ciphertextBlob();
    kms.generateDataKey(root, key, 32, NONE);
    kms.generateDataKeyWithoutPlaintext(root, key, 16, NONE);
    kms.reEncrypt(
        root, blob, new ReEncryptRequest(Optional.empty(), ALGORITHM, NONE, key, ALGORITHM, NONE));
    kms.decrypt(root, null, ALGORITHM, blob, NONE);
    kms.describeKey(root, key);

    KeyRotationStatus.Use use = use(key);

    assertEquals(Optional.of((long) LIMIT), use.maxMessages());
    assertEquals(Optional.empty(), use.maxBytes());
    assertEquals(4, use.messages());
    assertEquals(100 + 32 + 16 + 100, use.bytes());
  }

  @Test
  void signaturesAndMacsCount() {
    KeyId signs = key(CmkSpec.ECC_NIST_EDWARDS25519);
    KeyId macs = key(CmkSpec.HMAC_256);
    limitMessages(signs, LIMIT);
    limitMessages(macs, LIMIT);

    kms.sign(root, signs, SignRequest.raw(SigningAlgorithm.ED25519_SHA_512, new byte[5]));
    kms.generateMac(root, macs, MacAlgorithm.HMAC_SHA_256, new byte[7]);

    assertEquals(5, use(signs).bytes());
    assertEquals(7, use(macs).bytes());
  }

  @Test
  void bytesAreALimitToo() {
    kms.enableKeyRotation(root, EnableKeyRotationRequest.of(key, 365).afterBytes(1 << 20));
    String first = material(key);

    for (int i = 0; i <= 272; i++) {
      encrypt(kms, root, 4096);
    }

    assertNotEquals(first, material(key));
  }

  /** Over two processes, with four threads each. */
  @Test
  void materialHasAtMostAShareMoreForEachProcess() throws Exception {
    limitMessages(key, LIMIT);
    ConcurrentMap<String, Integer> used = new ConcurrentHashMap<>();
    try (EmbeddedKms other = open()) {
      Caller caller = rootOf(other);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        boolean mine = i % 2 == 0;
        threads.add(
            new Thread(
                () -> {
                  for (int n = 0; n < 400; n++) {
                    EncryptResult made = mine ? encrypt(kms, root, 1) : encrypt(other, caller, 1);
                    used.merge(made.keyMaterialId(), 1, Integer::sum);
                    pause();
                  }
                }));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
    }

    Map<String, Integer> sorted = new TreeMap<>(used);
    int underWay = 400; // what 8 threads encrypt within the 100 ms in which a change is seen
    assertEquals(3200, sorted.values().stream().mapToInt(Integer::intValue).sum());
    assertTrue(
        sorted.values().stream().allMatch(count -> count <= LIMIT + 2 * SHARE + underWay),
        sorted.toString());
    assertTrue(sorted.size() >= 3, sorted.toString());
  }

  private static void pause() {
    try {
      Thread.sleep(2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void countsSurviveARestart() {
    limitMessages(key, LIMIT);
    encrypt(kms, root, 3);
    restart();
    encrypt(kms, root, 4);

    assertEquals(2, use(key).messages());
    assertEquals(7, use(key).bytes());
  }

  @Test
  void anotherLimitKeepsTheCountAndNoneEndsIt() {
    limitMessages(key, LIMIT);
    encrypt(kms, root, 3);
    assertEquals(1, use(key).messages());

    limitMessages(key, 2 * LIMIT);
    assertEquals(1, use(key).messages());
    assertEquals(Optional.of(2L * LIMIT), use(key).maxMessages());

    kms.enableKeyRotation(root, key, 365);
    assertEquals(Optional.empty(), kms.getKeyRotationStatus(root, key).use());
  }

  @Test
  void rotationOnDemandCountsAnew() {
    limitMessages(key, LIMIT);
    encrypt(kms, root, 3);
    assertEquals(1, use(key).messages());

    kms.rotateKeyOnDemand(root, key);

    assertEquals(0, use(key).messages());
  }

  @Test
  void limitsThatWouldRotateAllTheTimeAreRefused() {
    EnableKeyRotationRequest request = EnableKeyRotationRequest.of(key, 365);

    assertThrows(KmsException.Validation.class, () -> request.afterMessages(999));
    assertThrows(KmsException.Validation.class, () -> request.afterBytes((1 << 20) - 1));
    assertThrows(KmsException.Validation.class, () -> request.afterMessages(-1));
  }
}
