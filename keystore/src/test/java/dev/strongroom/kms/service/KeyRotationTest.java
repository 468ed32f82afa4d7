// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.RotationType;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.audit.usage.MaterialUse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * New material for a key, and everything that it encrypted before.
 *
 * <p>The long form, with a thousand generations, is {@code mvn verify -Dtest=KeyRotationTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dstrongroom.rotations=1000}.
 */
class KeyRotationTest extends DueScene {
  private static final EncryptionAlgorithm ALGORITHM = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  private static final EncryptionContext NONE = EncryptionContext.EMPTY;
  private static final int ROTATIONS = Integer.getInteger("strongroom.rotations", 100);

  private final KeyId key;

  KeyRotationTest(@TempDir Path home) {
    super(home);
    key = key(CmkSpec.SYMMETRIC_DEFAULT);
  }

  private byte[] encrypt(int number) {
    return kms.encrypt(root, key, ALGORITHM, plaintext(number), NONE).ciphertextBlob();
  }

  private static byte[] plaintext(int number) {
    return new byte[] {(byte) (number >> 8), (byte) number};
  }

  private DecryptResult decrypt(byte[] blob) {
    return kms.decrypt(root, null, ALGORITHM, blob, NONE);
  }

  private String material() {
    return kms.describeKey(root, key).keyMaterialId();
  }

  private List<KeyRotationEntry> rotations(boolean withFirst) {
    return kms.listKeyRotations(root, key, withFirst, null, 1000).items();
  }

  private List<AuditRecord> events(String name) {
    return kms.lookupEvents(
        root,
        AuditQuery.newest(1000)
            .with(new AuditQuery.Attribute(AuditQuery.AttributeKey.EVENT_NAME, name)));
  }

  @Test
  void rotatedKeyEncryptsWithNewMaterialAndDecryptsWithTheOld() {
    String first = material();
    byte[] old = encrypt(1);

    assertEquals(key, kms.rotateKeyOnDemand(root, key).keyId());

    String second = material();
    assertNotEquals(first, second);
    assertEquals(first, decrypt(old).keyMaterialId());
    assertEquals(second, decrypt(encrypt(2)).keyMaterialId());
    assertEquals(second, kms.generateDataKey(root, key, 32, NONE).keyMaterialId());
    assertEquals(
        List.of(Optional.empty(), Optional.of(RotationType.ON_DEMAND)),
        rotations(true).stream().map(KeyRotationEntry::type).toList());
    assertEquals(
        List.of(second), rotations(false).stream().map(KeyRotationEntry::keyMaterialId).toList());
    assertTrue(rotations(false).get(0).isCurrent());
  }

  @Test
  void reEncryptionTellsBothMaterials() {
    String first = material();
    byte[] old = encrypt(1);
    kms.rotateKeyOnDemand(root, key);

    ReEncryptResult result =
        kms.reEncrypt(
            root,
            old,
            new ReEncryptRequest(Optional.empty(), ALGORITHM, NONE, key, ALGORITHM, NONE));

    assertEquals(first, result.sourceKeyMaterialId());
    assertEquals(material(), result.keyMaterialId());
  }

  @Test
  void recordsNameTheMaterialThatWasUsed() {
    String first = material();
    byte[] old = encrypt(1);
    kms.rotateKeyOnDemand(root, key);
    decrypt(old);
    decrypt(encrypt(2));

    assertEquals(
        List.of(
            new MaterialUse(first, "Decrypt", 1),
            new MaterialUse(first, "Encrypt", 1),
            new MaterialUse(material(), "Decrypt", 1),
            new MaterialUse(material(), "Encrypt", 1)),
        kms.deletionImpact(root, key).materials());
  }

  @Test
  void rotationIsAServiceEvent() {
    String first = material();
    kms.rotateKeyOnDemand(root, key);

    AuditRecord event = events("RotateKey").get(0);

    assertEquals(Optional.empty(), event.callerArn());
    assertEquals(
        Map.of(
            "rotationType",
            "ON_DEMAND",
            "keyOrigin",
            "AWS_KMS",
            "previousKeyMaterialId",
            first,
            "currentKeyMaterialId",
            material()),
        event.parameters());
    assertEquals(1, events("RotateKeyOnDemand").size());
  }

  @Test
  void keyIsRotatedOnDemandTwentyFiveTimes() {
    for (int i = 0; i < 25; i++) {
      kms.rotateKeyOnDemand(root, key);
    }

    assertThrows(KmsException.LimitExceeded.class, () -> kms.rotateKeyOnDemand(root, key));
    assertEquals(25, rotations(false).size());
    List<KeyRotationEntry> paged = new ArrayList<>();
    Kms.Page<KeyRotationEntry> page = kms.listKeyRotations(root, key, true, null, 10);
    paged.addAll(page.items());
    while (page.nextMarker().isPresent()) {
      page = kms.listKeyRotations(root, key, true, page.nextMarker().get(), 10);
      paged.addAll(page.items());
    }
    assertEquals(rotations(true), paged);
  }

  @Test
  void otherKeysDoNotRotate() {
    KeyId mac = key(CmkSpec.HMAC_256);

    assertThrows(
        KmsException.UnsupportedOperation.class, () -> kms.enableKeyRotation(root, mac, 365));
    assertThrows(KmsException.UnsupportedOperation.class, () -> kms.rotateKeyOnDemand(root, mac));
    assertThrows(
        KmsException.UnsupportedOperation.class, () -> kms.getKeyRotationStatus(root, mac));
    assertThrows(KmsException.Validation.class, () -> kms.enableKeyRotation(root, key, 89));
    assertThrows(KmsException.Validation.class, () -> kms.enableKeyRotation(root, key, 2561));
  }

  @Test
  void scheduleRotatesAndGoesOn() {
    String first = material();
    kms.enableKeyRotation(root, key, 90);
    Instant next = kms.getKeyRotationStatus(root, key).nextRotation().orElseThrow();

    time.pass(Duration.ofDays(90).minusMinutes(10));
    restart();
    assertEquals(first, material());
    assertThrows(KmsException.Conflict.class, () -> kms.rotateKeyOnDemand(root, key));
    time.pass(Duration.ofMinutes(20));
    restart();

    assertNotEquals(first, material());
    KeyRotationStatus status = kms.getKeyRotationStatus(root, key);
    assertEquals(Optional.of(next.plus(Duration.ofDays(90))), status.nextRotation());
    assertEquals(Optional.of(RotationType.AUTOMATIC), rotations(false).get(0).type());
    assertEquals("AUTOMATIC", events("RotateKey").get(0).parameters().get("rotationType"));
    kms.rotateKeyOnDemand(root, key);
    assertEquals(status, kms.getKeyRotationStatus(root, key));
  }

  @Test
  void overdueKeyRotatesOnceWhenItIsEnabled() {
    kms.enableKeyRotation(root, key, 90);
    kms.disableKey(root, key);
    time.pass(Duration.ofDays(1000));
    restart();
    assertEquals(List.of(), rotations(false));

    kms.enableKey(root, key);
    restart();
    restart();

    assertEquals(1, rotations(false).size());
  }

  @Test
  void samePeriodLeavesTheDateAndDisablingEndsTheSchedule() {
    kms.enableKeyRotation(root, key, 365);
    KeyRotationStatus status = kms.getKeyRotationStatus(root, key);
    time.pass(Duration.ofHours(1));
    kms.enableKeyRotation(root, key, 365);
    assertEquals(status, kms.getKeyRotationStatus(root, key));

    kms.disableKeyRotation(root, key);

    assertFalse(kms.getKeyRotationStatus(root, key).isEnabled());
    time.pass(Duration.ofDays(800));
    restart();
    assertEquals(List.of(), rotations(true).stream().skip(1).toList());
  }

  @Test
  void scheduleSurvivesADeletionThatIsCancelled() {
    kms.enableKeyRotation(root, key, 365);
    KeyRotationStatus status = kms.getKeyRotationStatus(root, key);
    schedule(key);
    assertFalse(kms.getKeyRotationStatus(root, key).isEnabled());

    kms.cancelKeyDeletion(root, key);

    assertEquals(status, kms.getKeyRotationStatus(root, key));
  }

  @Test
  void conditionOnThePeriodDecides() {
    kms.iam().createUser(root, "alice", null);
    NewAccessKey accessKey = kms.iam().createAccessKey(root, "alice");
    Caller alice = kms.authenticate(accessKey.accessKeyId(), accessKey.secret());
    kms.putKeyPolicy(
        root,
        key,
        """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "kms:*", "Resource": "*"},
          {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "kms:EnableKeyRotation",
           "Resource": "*", "Condition": {"NumericLessThanEquals":
             {"kms:RotationPeriodInDays": "180"}}}]}"""
            .formatted(alice.arn()));

    assertThrows(KmsException.AccessDenied.class, () -> kms.enableKeyRotation(alice, key, 181));
    kms.enableKeyRotation(alice, key, 180);
  }

  @Test
  void otherProcessEncryptsWithTheNewMaterialAtOnce() throws InterruptedException {
    encrypt(1);
    String first = material();
    try (EmbeddedKms other = open()) {
      other.rotateKeyOnDemand(rootOf(other), key);
    }

    Waits.millisUntil(() -> !decrypt(encrypt(2)).keyMaterialId().equals(first));
  }

  @Test
  void oneOfSeveralProcessesRotates() throws InterruptedException {
    kms.enableKeyRotation(root, key, 90);
    time.pass(Duration.ofDays(91));
    List<Thread> starts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      starts.add(new Thread(() -> open().close()));
    }
    starts.forEach(Thread::start);
    for (Thread start : starts) {
      start.join();
    }

    restart();
    assertEquals(1, rotations(false).size());
    assertEquals(1, events("RotateKey").size());
  }

  @Test
  void everythingOfManyGenerationsOpensAtTheSameSpeed() {
    time.pass(Duration.ofDays(-20 * 365)); // 246 years are more than the store has dates left
    kms.enableKeyRotation(root, key, 90);
    List<byte[]> blobs = new ArrayList<>();
    blobs.add(encrypt(0));
    for (int i = 1; i <= ROTATIONS; i++) {
      time.pass(Duration.ofDays(90).plusSeconds(1));
      kms.open().sweeping().run();
      blobs.add(encrypt(i));
    }

    restart();
    assertEquals(ROTATIONS, rotations(false).size());
    for (int i = 0; i <= ROTATIONS; i++) {
      assertArrayEquals(plaintext(i), decrypt(blobs.get(i)).plaintext());
    }
    long oldest = nanosOfDecrypting(blobs.get(0));
    long newest = nanosOfDecrypting(blobs.get(ROTATIONS));
    System.out.println(
        "figure: decrypting under the first of "
            + (ROTATIONS + 1)
            + " generations takes "
            + oldest
            + " ns, under the last "
            + newest
            + " ns");
    assertTrue(oldest < 5 * newest, oldest + " ns, " + newest + " ns");
  }

  /** Returns the least of several means, after warming up. */
  private long nanosOfDecrypting(byte[] blob) {
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < 500; i++) {
        decrypt(blob).destroy();
      }
      least = Math.min(least, (System.nanoTime() - start) / 500);
    }
    return least;
  }
}
