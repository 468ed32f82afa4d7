// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.ExpirationModel;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.MacAlgorithm;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.WrappingAlgorithm;
import dev.strongroom.kms.key.KeyMaterialId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.Signature;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Key material of others, and that the key is then the one that they have. */
class KeyImportTest {
  private static final EncryptionAlgorithm ALGORITHM = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  private static final EncryptionContext NONE = EncryptionContext.EMPTY;
  private static final byte[] TEXT = {1, 2, 3};

  private final KmsFixture fixture;
  private final Importer importer;

  KeyImportTest(@TempDir Path home) {
    fixture = KmsFixture.in(home);
    importer = new Importer(fixture.kms(), fixture.root());
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private KeyId key(CmkSpec spec, KeyUsage usage) {
    return fixture.key(CreateKeyRequest.of(spec).withUsage(usage).withOrigin(KeyOrigin.EXTERNAL));
  }

  private KeyId symmetric() {
    return key(CmkSpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT);
  }

  private KeyMetadata describe(KeyId key) {
    return fixture.kms().describeKey(fixture.root(), key);
  }

  private byte[] encrypt(KeyId key) {
    return fixture.kms().encrypt(fixture.root(), key, ALGORITHM, TEXT, NONE).ciphertextBlob();
  }

  @Test
  void keyWaitsForItsMaterial() {
    KeyId key = symmetric();

    KeyMetadata waiting = describe(key);

    assertEquals(KeyState.PENDING_IMPORT, waiting.state());
    assertEquals(KeyOrigin.EXTERNAL, waiting.origin());
    assertEquals(ProtectionLevel.SOFTWARE, waiting.protectionLevel());
    assertEquals("", waiting.keyMaterialId());
    assertEquals(Optional.empty(), waiting.expirationModel());
    String message =
        String.valueOf(
            assertThrows(KmsException.InvalidState.class, () -> encrypt(key)).getMessage());
    assertTrue(message.contains("is pending import"), message);
  }

  @ParameterizedTest
  @EnumSource
  void materialArrivesUnderEachWrapping(WrappingAlgorithm algorithm) {
    KeyId key = symmetric();
    byte[] material = Materials.of(CmkSpec.SYMMETRIC_DEFAULT);

    ImportedMaterialResult result =
        fixture
            .kms()
            .importKeyMaterial(
                fixture.root(), importer.request(key, material, algorithm, CmkSpec.RSA_2048));

    KeyMetadata imported = describe(key);
    assertEquals(KeyState.ENABLED, imported.state());
    assertEquals(imported.keyMaterialId(), result.keyMaterialId());
    assertEquals(
        Optional.of(ExpirationModel.KEY_MATERIAL_DOES_NOT_EXPIRE), imported.expirationModel());
    byte[] blob = encrypt(key);
    assertArrayEquals(
        TEXT, fixture.kms().decrypt(fixture.root(), null, ALGORITHM, blob, NONE).plaintext());
  }

  @ParameterizedTest
  @EnumSource(names = {"RSA_2048", "RSA_3072", "RSA_4096"})
  void wrappingKeyHasTheLengthThatWasAskedFor(CmkSpec spec) {
    KeyId key = symmetric();

    ImportKeyMaterialRequest request =
        importer.request(
            key,
            Materials.of(CmkSpec.SYMMETRIC_DEFAULT),
            WrappingAlgorithm.RSAES_OAEP_SHA_256,
            spec);

    assertEquals(spec.bits() / 8, request.encryptedKeyMaterial().length);
    assertTrue(request.importToken().length <= 6144, () -> "" + request.importToken().length);
    fixture.kms().importKeyMaterial(fixture.root(), request);
    assertEquals(KeyState.ENABLED, describe(key).state());
  }

  /** The id is a function of key and material: F of DESIGN's "material", by an HMAC of the JDK. */
  @Test
  void materialIdOfASymmetricKeyIsDerivedFromItsBytes() throws Exception {
    KeyId key = symmetric();
    byte[] material = Materials.of(CmkSpec.SYMMETRIC_DEFAULT);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(material, "HmacSHA256"));
    mac.update(new byte[] {0, 0, 0, 1});
    mac.update("strongroom/1/material-id".getBytes(StandardCharsets.US_ASCII));
    mac.update((byte) 0);
    mac.update(key.toBytes());
    mac.update(new byte[] {0, 0, 1, 0});

    String id = importer.bring(key, material);

    assertEquals(HexFormat.of().formatHex(mac.doFinal()), id);
    assertEquals(2 * KeyMaterialId.BYTES, id.length());
  }

  @ParameterizedTest
  @CsvSource({"HMAC_224,HmacSHA224", "HMAC_256,HmacSHA256", "HMAC_512,HmacSHA512"})
  void importedHmacKeyMakesTheMacsOfItsOwner(CmkSpec spec, String name) throws Exception {
    byte[] material = Materials.of(spec);
    KeyId key = key(spec, KeyUsage.GENERATE_VERIFY_MAC);
    importer.bring(key, material);
    Mac mac = Mac.getInstance(name);
    mac.init(new SecretKeySpec(material, name));

    assertArrayEquals(
        mac.doFinal(TEXT),
        fixture.kms().generateMac(fixture.root(), key, MacAlgorithm.of(spec), TEXT));
  }

  @ParameterizedTest
  @CsvSource({
    "RSA_2048,RSASSA_PKCS1_V1_5_SHA_256,SHA256withRSA",
    "ECC_NIST_P256,ECDSA_SHA_256,SHA256withECDSA",
    "ECC_NIST_P384,ECDSA_SHA_384,SHA384withECDSA",
    "ECC_NIST_P521,ECDSA_SHA_512,SHA512withECDSA",
    "ECC_NIST_EDWARDS25519,ED25519_SHA_512,Ed25519"
  })
  void importedPrivateKeySignsForItsPublicKey(CmkSpec spec, SigningAlgorithm algorithm, String name)
      throws Exception {
    KeyPair pair = Materials.pair(spec);
    KeyId key = key(spec, KeyUsage.SIGN_VERIFY);
    importer.bring(key, pair.getPrivate().getEncoded());

    byte[] signature = fixture.kms().sign(fixture.root(), key, SignRequest.raw(algorithm, TEXT));

    Signature verifier = Signature.getInstance(name);
    verifier.initVerify(pair.getPublic());
    verifier.update(TEXT);
    assertTrue(verifier.verify(signature));
    assertArrayEquals(
        pair.getPublic().getEncoded(), fixture.kms().getPublicKey(fixture.root(), key).publicKey());
  }

  @Test
  void sameMaterialOfTwoKeysOpensNoCiphertextOfTheOther() {
    byte[] material = Materials.of(CmkSpec.SYMMETRIC_DEFAULT);
    KeyId one = symmetric();
    KeyId other = symmetric();

    assertNotEquals(importer.bring(one, material), importer.bring(other, material));
    byte[] blob = encrypt(one);
    assertThrows(
        KmsException.IncorrectKey.class,
        () -> fixture.kms().decrypt(fixture.root(), other, ALGORITHM, blob, NONE));
  }

  @ParameterizedTest
  @EnumSource(names = {"X25519", "ML_DSA_44", "ML_KEM_768"})
  void keysThatCannotBeImportedAreNotMadeForIt(CmkSpec spec) {
    CreateKeyRequest request = CreateKeyRequest.of(spec).withOrigin(KeyOrigin.EXTERNAL);

    assertThrows(KmsException.UnsupportedOperation.class, () -> fixture.key(request));
  }

  @Test
  void keyForImportIsNeverOfLevelHsm() {
    CreateKeyRequest request =
        CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT)
            .withOrigin(KeyOrigin.EXTERNAL)
            .withProtectionLevel(ProtectionLevel.HSM);

    assertThrows(KmsException.UnsupportedOperation.class, () -> fixture.key(request));
  }
}
