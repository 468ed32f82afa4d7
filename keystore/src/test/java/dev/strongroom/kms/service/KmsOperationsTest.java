// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.AliasArn;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.MacAlgorithm;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.SigningAlgorithm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every operation of the front door, on the embedded domain key and SQLite. */
class KmsOperationsTest {
  private static final EncryptionContext CONTEXT = EncryptionContext.of(Map.of("tenant", "a"));
  private static final EncryptionAlgorithm SYMMETRIC = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  private static final byte[] PLAINTEXT = "a secret".getBytes(StandardCharsets.UTF_8);
  @TempDir Path home;
  private KmsFixture fixture;
  private Kms kms;
  private Caller root;

  @BeforeEach
  void open() {
    fixture = KmsFixture.in(home);
    kms = fixture.kms();
    root = fixture.root();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private byte[] encrypt(KeyId key) {
    return kms.encrypt(root, key, SYMMETRIC, PLAINTEXT, CONTEXT).ciphertextBlob();
  }

  @Test
  void whatIsEncryptedDecryptsAndTellsItsKey() {
    KeyId key = fixture.symmetricKey();

    DecryptResult opened = kms.decrypt(root, null, SYMMETRIC, encrypt(key), CONTEXT);

    assertArrayEquals(PLAINTEXT, opened.plaintext());
    assertEquals(key, opened.key().keyId());
    assertEquals(kms.describeKey(root, key).keyMaterialId(), opened.keyMaterialId());
  }

  @Test
  void anotherContextDoesNotDecrypt() {
    byte[] blob = encrypt(fixture.symmetricKey());

    for (Map<String, String> other :
        List.of(
            Map.<String, String>of(),
            Map.of("tenant", "b"),
            Map.of("Tenant", "a"),
            Map.of("tenant", "a", "more", "x"))) {
      EncryptionContext context = EncryptionContext.of(other);
      assertThrows(
          KmsException.InvalidCiphertext.class,
          () -> kms.decrypt(root, null, SYMMETRIC, blob, context));
    }
  }

  @Test
  void everyFlippedBitOfABlobIsRefusedInTheSameWords() {
    byte[] blob = encrypt(fixture.symmetricKey());
    String words = String.valueOf(new KmsException.InvalidCiphertext().getMessage());

    for (int bit = 0; bit < 8 * blob.length; bit++) {
      byte[] changed = blob.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      KmsException refusal =
          assertThrows(
              KmsException.InvalidCiphertext.class,
              () -> kms.decrypt(root, null, SYMMETRIC, changed, CONTEXT),
              "bit " + bit);
      assertEquals(words, refusal.getMessage());
    }
  }

  @Test
  void aNamedKeyMustBeTheOneThatEncrypted() {
    byte[] blob = encrypt(fixture.symmetricKey());
    KeyId other = fixture.symmetricKey();

    assertThrows(
        KmsException.IncorrectKey.class, () -> kms.decrypt(root, other, SYMMETRIC, blob, CONTEXT));
  }

  @Test
  void plaintextsHaveOneTo4096Bytes() {
    KeyId key = fixture.symmetricKey();

    assertEquals(
        4096 + 117,
        kms.encrypt(root, key, SYMMETRIC, new byte[4096], CONTEXT).ciphertextBlob().length);
    assertThrows(
        KmsException.Validation.class,
        () -> kms.encrypt(root, key, SYMMETRIC, new byte[4097], CONTEXT));
    assertThrows(
        KmsException.Validation.class,
        () -> kms.encrypt(root, key, SYMMETRIC, new byte[0], CONTEXT));
  }

  @Test
  void aDisabledKeyDoesNothingUntilItIsEnabled() {
    KeyId key = fixture.symmetricKey();
    byte[] blob = encrypt(key);

    kms.disableKey(root, key);

    assertThrows(KmsException.Disabled.class, () -> encrypt(key));
    assertThrows(
        KmsException.Disabled.class, () -> kms.decrypt(root, null, SYMMETRIC, blob, CONTEXT));
    assertThrows(KmsException.Disabled.class, () -> kms.generateDataKey(root, key, 32, CONTEXT));
    kms.updateKeyDescription(root, key, "administration goes on");
    kms.enableKey(root, key);
    assertArrayEquals(PLAINTEXT, kms.decrypt(root, null, SYMMETRIC, blob, CONTEXT).plaintext());
  }

  @Test
  void dataKeysOpenToWhatTheyAre() {
    KeyId key = fixture.symmetricKey();

    GenerateDataKeyResult dataKey = kms.generateDataKey(root, key, 32, CONTEXT);

    assertEquals(32, dataKey.plaintext().length);
    assertArrayEquals(
        dataKey.plaintext(),
        kms.decrypt(root, key, SYMMETRIC, dataKey.ciphertextBlob(), CONTEXT).plaintext());
    byte[] other = kms.generateDataKeyWithoutPlaintext(root, key, 1024, CONTEXT).ciphertextBlob();
    assertEquals(1024, kms.decrypt(root, key, SYMMETRIC, other, CONTEXT).plaintext().length);
    assertThrows(
        KmsException.Validation.class, () -> kms.generateDataKey(root, key, 1025, CONTEXT));
    assertThrows(KmsException.Validation.class, () -> kms.generateDataKey(root, key, 0, CONTEXT));
  }

  @ParameterizedTest
  @EnumSource(
      value = CmkSpec.class,
      names = {"RSA_2048", "ECC_NIST_P256", "ECC_SECG_P256K1", "ECC_NIST_EDWARDS25519"})
  void dataKeyPairsOpenToTheirPrivateKey(CmkSpec spec) {
    KeyId key = fixture.symmetricKey();

    GenerateDataKeyPairResult pair = kms.generateDataKeyPair(root, key, spec, CONTEXT);

    assertArrayEquals(
        pair.privateKey(),
        kms.decrypt(root, null, SYMMETRIC, pair.privateKeyCiphertextBlob(), CONTEXT).plaintext());
    assertEquals(
        0, kms.generateDataKeyPairWithoutPlaintext(root, key, spec, CONTEXT).privateKey().length);
  }

  @Test
  void reEncryptionMovesToAnotherKeyAndContext() {
    KeyId from = fixture.symmetricKey();
    KeyId to = fixture.symmetricKey();
    EncryptionContext other = EncryptionContext.of(Map.of("tenant", "b"));

    byte[] moved =
        kms.reEncrypt(
                root,
                encrypt(from),
                new ReEncryptRequest(Optional.empty(), SYMMETRIC, CONTEXT, to, SYMMETRIC, other))
            .ciphertextBlob();

    DecryptResult opened = kms.decrypt(root, null, SYMMETRIC, moved, other);
    assertArrayEquals(PLAINTEXT, opened.plaintext());
    assertEquals(to, opened.key().keyId());
  }

  @Test
  void rsaKeysDecryptWhatTheyEncrypt() {
    KeyId key =
        fixture.key(CreateKeyRequest.of(CmkSpec.RSA_2048).withUsage(KeyUsage.ENCRYPT_DECRYPT));
    EncryptionAlgorithm oaep = EncryptionAlgorithm.RSAES_OAEP_SHA_256;

    byte[] blob = kms.encrypt(root, key, oaep, PLAINTEXT, EncryptionContext.EMPTY).ciphertextBlob();

    assertArrayEquals(
        PLAINTEXT, kms.decrypt(root, key, oaep, blob, EncryptionContext.EMPTY).plaintext());
    assertThrows(
        KmsException.Validation.class, () -> kms.encrypt(root, key, oaep, PLAINTEXT, CONTEXT));
    assertThrows(
        KmsException.Validation.class,
        () -> kms.encrypt(root, key, oaep, new byte[191], EncryptionContext.EMPTY));
    assertThrows(KmsException.InvalidKeyUsage.class, () -> encrypt(key));
  }

  @ParameterizedTest
  @EnumSource(
      value = CmkSpec.class,
      names = {
        "RSA_2048",
        "ECC_NIST_P256",
        "ECC_NIST_P384",
        "ECC_NIST_P521",
        "ECC_SECG_P256K1",
        "ECC_NIST_EDWARDS25519"
      })
  void signaturesVerifyAndOthersDoNot(CmkSpec spec) {
    KeyId key = fixture.key(CreateKeyRequest.of(spec).withUsage(KeyUsage.SIGN_VERIFY));

    for (SigningAlgorithm algorithm : SigningAlgorithm.namedFor(spec)) {
      SignRequest request = SignRequest.raw(algorithm, PLAINTEXT);
      byte[] signature = kms.sign(root, key, request);
      kms.verify(root, key, request, signature);
      signature[signature.length - 1] ^= 1;
      assertThrows(
          KmsException.InvalidSignature.class, () -> kms.verify(root, key, request, signature));
    }
    assertThrows(KmsException.InvalidKeyUsage.class, () -> encrypt(key));
  }

  @ParameterizedTest
  @EnumSource(MacAlgorithm.class)
  void macsVerifyAndOthersDoNot(MacAlgorithm algorithm) {
    CmkSpec spec = CmkSpec.valueOf(algorithm.name().replace("_SHA", ""));
    KeyId key = fixture.key(CreateKeyRequest.of(spec));

    byte[] mac = kms.generateMac(root, key, algorithm, PLAINTEXT);

    assertEquals(algorithm.bytes(), mac.length);
    kms.verifyMac(root, key, algorithm, PLAINTEXT, mac);
    mac[0] ^= 1;
    assertThrows(
        KmsException.InvalidMac.class, () -> kms.verifyMac(root, key, algorithm, PLAINTEXT, mac));
  }

  @Test
  void aUsageThatTheSpecHasNotIsRefused() {
    CreateKeyRequest unclear = CreateKeyRequest.of(CmkSpec.RSA_2048);
    CreateKeyRequest wrong =
        CreateKeyRequest.of(CmkSpec.ECC_NIST_P256).withUsage(KeyUsage.ENCRYPT_DECRYPT);

    assertThrows(KmsException.Validation.class, () -> kms.createKey(root, unclear));
    assertThrows(KmsException.Validation.class, () -> kms.createKey(root, wrong));
  }

  @Test
  void theEmbeddedDomainKeyRefusesTheLevelHsmWithTheReason() {
    CreateKeyRequest request =
        CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).withProtectionLevel(ProtectionLevel.HSM);

    KmsException e =
        assertThrows(KmsException.UnsupportedOperation.class, () -> kms.createKey(root, request));

    assertTrue(String.valueOf(e.getMessage()).contains("PKCS#11"));
  }

  @Test
  void aKeyIsFoundByEachOfItsNames() {
    KeyId key = fixture.symmetricKey();
    Alias alias = new Alias("alias/app");
    kms.createAlias(root, alias, key);
    Place place = kms.place();

    KeyMetadata metadata = kms.describeKey(root, key);

    assertEquals(metadata, kms.describeKey(root, alias));
    assertEquals(metadata, kms.describeKey(root, new KeyArn(place, key)));
    assertEquals(metadata, kms.describeKey(root, new AliasArn(place, alias)));
    assertThrows(
        KmsException.NotFound.class,
        () -> kms.describeKey(root, new KeyArn(new Place("elsewhere", place.account()), key)));
  }

  @Test
  void anAliasMovesOnlyToAKeyOfTheSameKind() {
    Alias alias = new Alias("alias/app");
    KeyId first = fixture.symmetricKey();
    KeyId second = fixture.symmetricKey();
    KeyId mac = fixture.key(CreateKeyRequest.of(CmkSpec.HMAC_256));
    kms.createAlias(root, alias, first);

    kms.updateAlias(root, alias, second);

    assertEquals(second, kms.describeKey(root, alias).keyId());
    assertThrows(KmsException.Validation.class, () -> kms.updateAlias(root, alias, mac));
    assertThrows(KmsException.AlreadyExists.class, () -> kms.createAlias(root, alias, first));
    kms.deleteAlias(root, alias);
    assertThrows(KmsException.NotFound.class, () -> kms.describeKey(root, alias));
  }

  @Test
  void anAliasThatNamesTheSameKeyAlreadyIsRefusedAsWell() {
    Alias alias = new Alias("alias/app");
    KeyId key = fixture.symmetricKey();
    kms.createAlias(root, alias, key);
    AliasListEntry before = kms.listAliases(root, key, null, 10).items().get(0);

    KmsException refused =
        assertThrows(KmsException.AlreadyExists.class, () -> kms.createAlias(root, alias, key));

    assertEquals("AlreadyExistsException", refused.errorCode());
    assertEquals(List.of(before), kms.listAliases(root, key, null, 10).items());
  }

  @Test
  void aMissingAliasIsNeverMadeOnTheFly() {
    Alias alias = new Alias("alias/typo");

    assertThrows(
        KmsException.NotFound.class, () -> kms.encrypt(root, alias, SYMMETRIC, PLAINTEXT, CONTEXT));
    assertTrue(kms.listAliases(root, null, null, 100).items().isEmpty());
  }

  @Test
  void listsComeInPages() {
    List<KeyId> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      made.add(fixture.symmetricKey());
      kms.createAlias(root, new Alias("alias/a" + i), made.get(i));
    }

    List<KeyId> listed = new ArrayList<>();
    String marker = null;
    do {
      Kms.Page<KeyId> page = kms.listKeys(root, marker, 2);
      listed.addAll(page.items());
      marker = page.nextMarker().orElse(null);
    } while (marker != null);

    assertEquals(5, listed.size());
    assertTrue(listed.containsAll(made));
    Kms.Page<AliasListEntry> aliases = kms.listAliases(root, null, null, 3);
    assertEquals("alias/a2", aliases.nextMarker().orElseThrow());
    assertEquals(2, kms.listAliases(root, null, "alias/a2", 3).items().size());
    assertEquals(1, kms.listAliases(root, made.get(0), null, 3).items().size());
    assertThrows(KmsException.Validation.class, () -> kms.listKeys(root, "nonsense", 2));
    assertThrows(KmsException.Validation.class, () -> kms.listKeys(root, null, 1001));
  }

  @Test
  void aKeyWithoutSubkeyCacheWorksTheSame() {
    KeyId key = fixture.key(CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).withoutSubkeyCache());

    byte[] first = encrypt(key);

    assertArrayEquals(PLAINTEXT, kms.decrypt(root, null, SYMMETRIC, first, CONTEXT).plaintext());
  }
}
