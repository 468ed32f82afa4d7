// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key.backing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.embedded.EmbeddedHsm;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.crypto.SoftwareKeys;
import dev.strongroom.kms.key.Derivation;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.key.DomainRecord;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.key.OpenKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Key tokens and the domain keyring above them, on a domain key in memory. */
class BackingKeysTest {
  private static final byte[] DATA = {1, 2, 3};

  private final EmbeddedHsm hsm = EmbeddedHsm.inMemory();
  private final DomainRecord domain =
      DomainKeyring.create(hsm, UUID.randomUUID(), WrapPolicy.OPEN, Clock.systemUTC());
  private final KmsKey key = newKey(CmkSpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT);

  private BackingKeys backingKeys() {
    return backingKeys(DomainKeyring.open(hsm, domain));
  }

  private BackingKeys backingKeys(DomainKeyring keyring) {
    SecureRandom random = new SecureRandom();
    return new BackingKeys(hsm, keyring, new SoftwareKeys(random), random, Clock.systemUTC());
  }

  @AfterEach
  void close() {
    hsm.close();
  }

  private KmsKey newKey(CmkSpec spec, KeyUsage usage) {
    KeyId id = new KeyId(UUID.randomUUID());
    Generation generation =
        backingKeys()
            .create(
                new BackingKeys.Request(
                    id, spec, usage, KeyOrigin.AWS_KMS, ProtectionLevel.SOFTWARE));
    return key(id, spec, usage, generation);
  }

  private static KmsKey key(KeyId id, CmkSpec spec, KeyUsage usage, Generation generation) {
    return new KmsKey(
        new KeyArn(new Place("local", "000000000000"), id),
        spec,
        usage,
        KeyState.ENABLED,
        KeyOrigin.AWS_KMS,
        ProtectionLevel.SOFTWARE,
        true,
        false,
        "",
        Instant.EPOCH,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(generation),
        "{}",
        Optional.empty(),
        List.of(),
        Map.of(),
        List.of(),
        0);
  }

  private static Generation withToken(Generation generation, byte[] token) {
    return new Generation(
        generation.materialId(), token, generation.publicKey(), generation.creationDate());
  }

  @Test
  void aTokenOpensToTheSameKeyEachTime() {
    byte[] first = backingKeys().open(key, key.current()).hmac("SHA-256", DATA);
    byte[] second = backingKeys().open(key, key.current()).hmac("SHA-256", DATA);

    assertArrayEquals(first, second);
  }

  @Test
  void everyFlippedBitOfATokenIsRefused() {
    byte[] token = key.current().token();
    BackingKeys keys = backingKeys();

    for (int bit = 0; bit < 8 * token.length; bit++) {
      byte[] changed = token.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThrows(
          KmsException.StoreTampered.class,
          () -> keys.open(key, withToken(key.current(), changed)),
          "bit " + bit);
    }
  }

  @Test
  void everyTruncationOfATokenIsRefused() {
    byte[] token = key.current().token();
    BackingKeys keys = backingKeys();

    for (int length = 0; length < token.length; length++) {
      byte[] cut = Arrays.copyOf(token, length);
      assertThrows(
          KmsException.StoreTampered.class, () -> keys.open(key, withToken(key.current(), cut)));
    }
  }

  @Test
  void aTokenDoesNotOpenForAnotherKeySpecOrUsage() {
    BackingKeys keys = backingKeys();
    KmsKey mac = newKey(CmkSpec.HMAC_256, KeyUsage.GENERATE_VERIFY_MAC);
    KmsKey moved = key(new KeyId(UUID.randomUUID()), key.spec(), key.usage(), key.current());
    KmsKey otherSpec =
        key(mac.keyId(), CmkSpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, mac.current());

    assertThrows(KmsException.StoreTampered.class, () -> keys.open(moved, moved.current()));
    assertThrows(KmsException.StoreTampered.class, () -> keys.open(otherSpec, otherSpec.current()));
  }

  @Test
  void aPublicKeyThatWasExchangedIsRefused() {
    KmsKey ours = newKey(CmkSpec.ECC_NIST_P256, KeyUsage.SIGN_VERIFY);
    KmsKey other = newKey(CmkSpec.ECC_NIST_P256, KeyUsage.SIGN_VERIFY);
    Generation exchanged =
        new Generation(
            ours.current().materialId(),
            ours.current().token(),
            other.current().publicKey(),
            Instant.EPOCH);

    assertThrows(KmsException.StoreTampered.class, () -> backingKeys().open(ours, exchanged));
  }

  @Test
  void tokensOfTheSameMaterialDiffer() {
    Generation first = key.current();
    DomainKeyring keyring = DomainKeyring.open(hsm, domain);
    TokenSealer sealer = new TokenSealer(keyring, new SecureRandom());
    TokenBinding binding = TokenBinding.of(key, first);
    try (KeyMaterial material = KeyMaterial.owning(new byte[32])) {
      assertFalse(Arrays.equals(sealer.seal(binding, material), sealer.seal(binding, material)));
    }
  }

  @Test
  void theMaterialIdOfASymmetricKeyIsDerivedFromIt() {
    OpenKey opened = backingKeys().open(key, key.current());

    byte[] derived =
        Derivation.derive(
            data -> opened.hmac("SHA-256", data),
            Derivation.Label.MATERIAL_ID,
            key.keyId().toBytes());

    assertArrayEquals(key.current().materialId().toBytes(), derived);
  }

  @Test
  void anotherDomainKeyUnderTheSameNameIsRefusedAndNothingIsChanged() {
    EmbeddedHsm foreign = EmbeddedHsm.inMemory();
    foreign.createDomainKey(new DomainKeyId(domain.domainId(), 1), WrapPolicy.OPEN);

    KmsException e =
        assertThrows(KmsException.Configuration.class, () -> DomainKeyring.open(foreign, domain));

    assertTrue(String.valueOf(e.getMessage()).contains("check value differs"));
  }

  @Test
  void anHsmWithoutTheDomainKeyIsRefusedWithItsName() {
    KmsException e =
        assertThrows(
            KmsException.Configuration.class,
            () -> DomainKeyring.open(EmbeddedHsm.inMemory(), domain));

    assertTrue(String.valueOf(e.getMessage()).contains(domain.domainId() + "/d1"));
  }

  @Test
  void everyFieldOfTheDomainRecordIsChecked() {
    DomainRecord.Version v = domain.active();
    byte[] sentinel = v.sentinel();
    sentinel[3] ^= 1;
    byte[] check = v.checkValue();
    check[3] ^= 1;
    byte[] publicKey = v.publicKey();
    publicKey[40] ^= 1;

    for (DomainRecord.Version changed :
        List.of(
            new DomainRecord.Version(
                1, "open", sentinel, v.checkValue(), v.publicKey(), v.creationDate()),
            new DomainRecord.Version(
                1, "open", v.sentinel(), check, v.publicKey(), v.creationDate()),
            new DomainRecord.Version(
                1, "open", v.sentinel(), v.checkValue(), publicKey, v.creationDate()))) {
      DomainRecord record = new DomainRecord(domain.domainId(), List.of(changed));
      assertThrows(KmsException.Configuration.class, () -> DomainKeyring.open(hsm, record));
    }
  }

  @Test
  void openingManyKeysKeepsABoundAndLosesNone() {
    BackingKeys keys = backingKeys();
    byte[] expected = keys.open(key, key.current()).hmac("SHA-256", DATA);
    for (int i = 0; i < 20; i++) {
      KmsKey other = newKey(CmkSpec.HMAC_256, KeyUsage.GENERATE_VERIFY_MAC);
      keys.open(other, other.current());
    }

    keys.forget(key.current().materialId());

    assertArrayEquals(expected, keys.open(key, key.current()).hmac("SHA-256", DATA));
    assertEquals(32, expected.length);
  }
}
