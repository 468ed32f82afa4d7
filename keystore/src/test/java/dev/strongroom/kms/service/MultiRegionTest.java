// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.MacAlgorithm;
import dev.strongroom.kms.MultiRegion;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.audit.AuditQuery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A key in two regions, each with a store and a domain key of its own. */
class MultiRegionTest {
  private static final EncryptionAlgorithm ALGORITHM = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  private static final EncryptionContext NONE = EncryptionContext.EMPTY;
  private static final byte[] TEXT = {1, 2, 3};
  private static final String HERE = TwoRegions.HERE;
  private static final String THERE = TwoRegions.THERE;

  private TwoRegions regions;
  private KmsFixture here;
  private KmsFixture there;
  private Path folder;

  @BeforeEach
  void open(@TempDir Path home) throws Exception {
    folder = home;
    regions = new TwoRegions(home);
    here = regions.here;
    there = regions.there;
  }

  @AfterEach
  void close() {
    regions.close();
  }

  private KeyId primary(CmkSpec spec, KeyUsage usage) {
    return here.key(CreateKeyRequest.of(spec).withUsage(usage).inSeveralRegions());
  }

  private KeyId primary() {
    return primary(CmkSpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT);
  }

  private KeyMetadata replicate(KeyId key) {
    return here.kms().replicateKey(here.root(), ReplicateKeyRequest.of(key, THERE));
  }

  private static byte[] encrypt(KmsFixture region, KeyId key) {
    return region.kms().encrypt(region.root(), key, ALGORITHM, TEXT, NONE).ciphertextBlob();
  }

  private static String openedBy(KmsFixture region, byte[] blob) {
    DecryptResult result = region.kms().decrypt(region.root(), null, ALGORITHM, blob, NONE);
    assertArrayEquals(TEXT, result.plaintext());
    return result.keyMaterialId();
  }

  private static KeyMetadata describe(KmsFixture region, KeyId key) {
    return region.kms().describeKey(region.root(), key);
  }

  @Test
  void idOfAMultiRegionKeyTellsIt() {
    KeyId key = primary();

    assertTrue(key.text().matches("mrk-[0-9a-f]{32}"), key.text());
    assertEquals(key, KeyId.parse(key.text()));
    assertEquals(key, KeyId.fromBytes(key.toBytes(), 0));
    assertTrue(key.isMultiRegion());
    assertFalse(here.symmetricKey().isMultiRegion());
    assertThrows(IllegalArgumentException.class, () -> KeyId.parse(key.uuid().toString()));
    assertThrows(
        IllegalArgumentException.class,
        () -> KeyId.parse("mrk-" + KeyId.random().text().replace("-", "")));
    assertEquals(Optional.of(new MultiRegion(HERE, List.of())), describe(here, key).multiRegion());
  }

  @Test
  void ciphertextsOfEachRegionOpenInTheOther() {
    KeyId key = primary();

    KeyMetadata replica = replicate(key);

    assertEquals(THERE, replica.arn().place().region());
    assertEquals(key, replica.keyId());
    assertEquals(describe(here, key).keyMaterialId(), replica.keyMaterialId());
    assertEquals(replica.keyMaterialId(), openedBy(there, encrypt(here, key)));
    assertEquals(replica.keyMaterialId(), openedBy(here, encrypt(there, key)));
    assertEquals(
        Optional.of(new MultiRegion(HERE, List.of(THERE))), describe(here, key).multiRegion());
    assertEquals(
        MultiRegion.Type.REPLICA, describe(there, key).multiRegion().orElseThrow().typeIn(THERE));
  }

  @ParameterizedTest
  @EnumSource(names = {"HMAC_256", "RSA_2048", "ECC_NIST_P256", "ECC_NIST_EDWARDS25519"})
  void replicaOfEachKindIsTheSameKey(CmkSpec spec) {
    KeyUsage usage = spec.isAsymmetric() ? KeyUsage.SIGN_VERIFY : KeyUsage.GENERATE_VERIFY_MAC;
    KeyId key = primary(spec, usage);
    replicate(key);

    assertEquals(describe(here, key).keyMaterialId(), describe(there, key).keyMaterialId());
    if (spec.isAsymmetric()) {
      SignRequest request = SignRequest.raw(SigningAlgorithm.namedFor(spec).get(0), TEXT);
      byte[] signature = there.kms().sign(there.root(), key, request);
      here.kms().verify(here.root(), key, request, signature);
    } else {
      byte[] mac = there.kms().generateMac(there.root(), key, MacAlgorithm.of(spec), TEXT);
      here.kms().verifyMac(here.root(), key, MacAlgorithm.of(spec), TEXT, mac);
    }
  }

  @Test
  void policyAliasesTagsAndStateAreEachRegionsOwn() {
    KeyId key = primary();
    here.kms().createAlias(here.root(), new Alias("alias/app"), key);
    here.kms()
        .replicateKey(
            here.root(),
            ReplicateKeyRequest.of(key, THERE)
                .withDescription("over there")
                .withTags(Map.of("team", "red")));

    assertEquals("over there", describe(there, key).description());
    assertEquals(
        "red", there.kms().listResourceTags(there.root(), key, null, 10).items().get(0).value());
    assertEquals(List.of(), there.kms().listAliases(there.root(), key, null, 10).items());
    there.kms().disableKey(there.root(), key);
    assertEquals(KeyState.ENABLED, describe(here, key).state());
    encrypt(here, key);
  }

  @Test
  void rotationOfThePrimaryReachesItsReplicas() {
    KeyId key = primary();
    replicate(key);
    byte[] old = encrypt(there, key);
    String first = describe(here, key).keyMaterialId();

    here.kms().rotateKeyOnDemand(here.root(), key);

    String second = describe(here, key).keyMaterialId();
    assertNotEquals(first, second);
    assertEquals(second, describe(there, key).keyMaterialId());
    assertEquals(second, openedBy(there, encrypt(here, key)));
    assertEquals(second, openedBy(here, encrypt(there, key)));
    assertEquals(first, openedBy(here, old));
    assertEquals(first, openedBy(there, old));
    assertThrows(
        KmsException.UnsupportedOperation.class,
        () -> there.kms().rotateKeyOnDemand(there.root(), key));
    assertThrows(
        KmsException.UnsupportedOperation.class,
        () -> here.kms().enableKeyRotation(here.root(), key, 365));
  }

  @Test
  void replicaThatMissedARotationIsBroughtUpToDate() {
    KeyId key = primary();
    replicate(key);
    there.kms().scheduleKeyDeletion(there.root(), ScheduleKeyDeletionRequest.of(key));
    KmsException missed =
        assertThrows(
            KmsException.StoreUnavailable.class,
            () -> here.kms().rotateKeyOnDemand(here.root(), key));
    assertTrue(String.valueOf(missed.getMessage()).contains("kms replicate-key"));
    String second = describe(here, key).keyMaterialId();
    assertNotEquals(second, describe(there, key).keyMaterialId());
    there.kms().cancelKeyDeletion(there.root(), key);
    there.kms().enableKey(there.root(), key);

    replicate(key);

    assertEquals(second, openedBy(there, encrypt(here, key)));
  }

  @Test
  void primaryMovesAndTheOtherRegionRotatesFromThenOn() {
    KeyId key = primary();
    replicate(key);
    byte[] old = encrypt(here, key);

    here.kms().updatePrimaryRegion(here.root(), key, THERE);

    MultiRegion moved = new MultiRegion(THERE, List.of(HERE));
    assertEquals(Optional.of(moved), describe(here, key).multiRegion());
    assertEquals(Optional.of(moved), describe(there, key).multiRegion());
    assertThrows(
        KmsException.UnsupportedOperation.class,
        () -> here.kms().rotateKeyOnDemand(here.root(), key));
    there.kms().rotateKeyOnDemand(there.root(), key);
    assertEquals(describe(there, key).keyMaterialId(), openedBy(here, encrypt(there, key)));
    openedBy(there, old);
    there.kms().updatePrimaryRegion(there.root(), key, HERE);
    assertEquals(
        Optional.of(new MultiRegion(HERE, List.of(THERE))), describe(there, key).multiRegion());
  }

  @Test
  void moveThatTheOtherRegionDidNotHearOfIsRepeated() {
    KeyId key = primary();
    replicate(key);
    there.kms().disableKey(there.root(), key);
    String message =
        String.valueOf(
            assertThrows(
                    KmsException.StoreUnavailable.class,
                    () -> here.kms().updatePrimaryRegion(here.root(), key, THERE))
                .getMessage());
    assertTrue(message.contains("update-primary-region"), message);
    assertThrows(
        KmsException.UnsupportedOperation.class,
        () -> here.kms().rotateKeyOnDemand(here.root(), key));
    there.kms().enableKey(there.root(), key);

    here.kms().updatePrimaryRegion(here.root(), key, THERE);

    there.kms().rotateKeyOnDemand(there.root(), key);
    openedBy(here, encrypt(there, key));
  }

  @Test
  void primaryMovesOnlyToWhereAReplicaIs() {
    KeyId key = primary();

    assertThrows(
        KmsException.Validation.class,
        () -> here.kms().updatePrimaryRegion(here.root(), key, THERE));
    replicate(key);
    assertThrows(
        KmsException.UnsupportedOperation.class,
        () -> there.kms().updatePrimaryRegion(there.root(), key, THERE));
  }

  @Test
  void primaryGoesLast() {
    KeyId key = primary();
    replicate(key);
    ScheduleKeyDeletionRequest request = ScheduleKeyDeletionRequest.of(key);

    String message =
        String.valueOf(
            assertThrows(
                    KmsException.InvalidState.class,
                    () -> here.kms().scheduleKeyDeletion(here.root(), request))
                .getMessage());

    assertTrue(message.contains(THERE), message);
    there.kms().scheduleKeyDeletion(there.root(), request);
    assertThrows(
        KmsException.InvalidState.class,
        () -> here.kms().scheduleKeyDeletion(here.root(), request));
    encrypt(here, key);
  }

  @Test
  void replicaIsNotReplicatedNorAKeyOfOneRegion() {
    KeyId key = primary();
    replicate(key);
    KeyId single = here.symmetricKey();

    assertThrows(
        KmsException.UnsupportedOperation.class,
        () -> there.kms().replicateKey(there.root(), ReplicateKeyRequest.of(key, HERE)));
    assertThrows(KmsException.UnsupportedOperation.class, () -> replicate(single));
    assertThrows(
        KmsException.Validation.class,
        () -> here.kms().replicateKey(here.root(), ReplicateKeyRequest.of(key, HERE)));
  }

  @Test
  void regionThatTheSettingsDoNotNameOrMistakeIsRefused() throws Exception {
    KeyId key = primary();
    String message =
        String.valueOf(
            assertThrows(
                    KmsException.Configuration.class,
                    () -> here.kms().replicateKey(here.root(), ReplicateKeyRequest.of(key, "eu-3")))
                .getMessage());
    assertTrue(message.contains("region.eu-3"), message);
    Path third = Files.createDirectories(folder.resolve("third"));
    Files.writeString(
        third.resolve("strongroom.properties"), "region.eu-3=" + folder.resolve(THERE) + "\n");
    try (KmsFixture mistaken = KmsFixture.in(third)) {
      KeyId theirs =
          mistaken.key(CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).inSeveralRegions());
      assertThrows(
          KmsException.Configuration.class,
          () ->
              mistaken.kms().replicateKey(mistaken.root(), ReplicateKeyRequest.of(theirs, "eu-3")));
    }
  }

  @Test
  void multiRegionKeysAreOfLevelSoftwareAndMadeHere() {
    CreateKeyRequest request = CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).inSeveralRegions();

    assertEquals(ProtectionLevel.SOFTWARE, describe(here, here.key(request)).protectionLevel());
    assertThrows(
        KmsException.UnsupportedOperation.class,
        () -> here.key(request.withProtectionLevel(ProtectionLevel.HSM)));
    assertThrows(
        KmsException.UnsupportedOperation.class,
        () -> here.key(request.withOrigin(KeyOrigin.EXTERNAL)));
    assertThrows(
        KmsException.UnsupportedOperation.class,
        () -> here.key(CreateKeyRequest.of(CmkSpec.ML_DSA_44).inSeveralRegions()));
  }

  @Test
  void policyCanSayWhereAKeyMayGo() {
    KeyId key = primary();
    Caller alice = here.user("alice");
    here.kms()
        .putKeyPolicy(
            here.root(),
            key,
            """
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "kms:*", "Resource": "*"},
              {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "kms:ReplicateKey",
               "Resource": "*", "Condition": {
                 "StringEquals": {"kms:ReplicaRegion": "%s", "kms:MultiRegionKeyType": "PRIMARY"},
                 "Bool": {"kms:MultiRegion": "true"}}}]}"""
                .formatted(here.root().arn(), alice.arn(), THERE));

    assertThrows(
        KmsException.AccessDenied.class,
        () -> here.kms().replicateKey(alice, ReplicateKeyRequest.of(key, "us-1")));
    here.kms().replicateKey(alice, ReplicateKeyRequest.of(key, THERE));
    encrypt(there, key);
  }

  @Test
  void otherRegionsTrailHasTheReplica() {
    KeyId key = primary();
    replicate(key);

    Map<String, String> made =
        there
            .kms()
            .lookupEvents(
                there.root(),
                AuditQuery.newest(1)
                    .with(
                        new AuditQuery.Attribute(AuditQuery.AttributeKey.EVENT_NAME, "CreateKey")))
            .get(0)
            .parameters();

    assertEquals(HERE, made.get("primaryRegion"));
    assertEquals(key.text(), made.get("keyId"));
  }
}
