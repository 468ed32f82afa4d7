// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.MacAlgorithm;
import dev.strongroom.kms.Sha256;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.usage.MaterialUse;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** New material for HMAC and asymmetric keys: the newest signs, all verify and decrypt. */
class OverlapRotationTest extends DueScene {
  private static final byte[] MESSAGE = {1, 2, 3};
  private static final EncryptionAlgorithm OAEP = EncryptionAlgorithm.RSAES_OAEP_SHA_256;

  OverlapRotationTest(@TempDir Path home) {
    super(home);
  }

  private KeyId key(CmkSpec spec, KeyUsage usage) {
    return kms.createKey(root, CreateKeyRequest.of(spec).withUsage(usage)).keyId();
  }

  private String material(KeyId key) {
    return kms.describeKey(root, key).keyMaterialId();
  }

  private static SignRequest request(SigningAlgorithm algorithm) {
    return SignRequest.raw(algorithm, MESSAGE);
  }

  @ParameterizedTest
  @CsvSource({
    "RSA_2048, RSASSA_PSS_SHA_256",
    "ECC_NIST_P256, ECDSA_SHA_256",
    "ECC_SECG_P256K1, ECDSA_SHA_256",
    "ECC_NIST_EDWARDS25519, ED25519_SHA_512",
    "ML_DSA_44, ML_DSA_SHAKE_256"
  })
  void theNewestSignsAndAllVerify(CmkSpec spec, SigningAlgorithm algorithm) {
    KeyId key = key(spec, KeyUsage.SIGN_VERIFY);
    String first = material(key);
    byte[] old = kms.sign(root, key, request(algorithm));

    kms.rotateKeyOnDemand(root, key, true);
    String second = material(key);
    byte[] young = kms.sign(root, key, request(algorithm));
    restart();

    assertNotEquals(first, second);
    kms.verify(root, key, request(algorithm), old);
    kms.verify(root, key, request(algorithm), young);
    kms.verify(root, key, request(algorithm).withKeyMaterialId(second), young);
    assertThrows(
        KmsException.InvalidSignature.class,
        () -> kms.verify(root, key, request(algorithm).withKeyMaterialId(first), young));
    assertThrows(
        KmsException.InvalidSignature.class,
        () -> kms.verify(root, key, SignRequest.raw(algorithm, new byte[] {1, 2, 4}), old));
  }

  @Test
  void anOlderGenerationSignsWhenItIsNamed() {
    KeyId key = key(CmkSpec.ECC_NIST_P256);
    SignRequest request = request(SigningAlgorithm.ECDSA_SHA_256);
    String first = material(key);
    kms.rotateKeyOnDemand(root, key, true);

    byte[] signature = kms.sign(root, key, request.withKeyMaterialId(first));

    kms.verify(root, key, request.withKeyMaterialId(first), signature);
    assertTrue(
        kms.deletionImpact(root, key).materials().contains(new MaterialUse(first, "Sign", 1)));
  }

  @Test
  void aGenerationThatTheKeyNeverHadIsRefused() {
    KeyId key = key(CmkSpec.ECC_NIST_P256);
    SignRequest request = request(SigningAlgorithm.ECDSA_SHA_256);
    String foreign = material(key(CmkSpec.ECC_NIST_P256));

    assertThrows(
        KmsException.NotFound.class, () -> kms.sign(root, key, request.withKeyMaterialId(foreign)));
    assertThrows(
        KmsException.NotFound.class,
        () -> kms.verify(root, key, request.withKeyMaterialId(foreign), new byte[64]));
    assertThrows(KmsException.NotFound.class, () -> kms.getPublicKey(root, key, foreign));
    assertThrows(KmsException.Validation.class, () -> kms.getPublicKey(root, key, "x"));
    assertThrows(KmsException.Validation.class, () -> kms.getPublicKey(root, key, "00ff"));
  }

  @Test
  void publicKeysOfAllGenerationsAreTold() {
    KeyId key = key(CmkSpec.ECC_NIST_P256);
    String first = material(key);
    byte[] old = kms.getPublicKey(root, key).publicKey();
    kms.rotateKeyOnDemand(root, key, true);

    GetPublicKeyResult now = kms.getPublicKey(root, key);

    assertEquals(material(key), now.metadata().keyMaterialId());
    assertFalse(Arrays.equals(old, now.publicKey()));
    GetPublicKeyResult before = kms.getPublicKey(root, key, first);
    assertEquals(first, before.metadata().keyMaterialId());
    assertArrayEquals(old, before.publicKey());
  }

  @ParameterizedTest
  @EnumSource(
      value = CmkSpec.class,
      names = {"HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512"})
  void theNewestMakesMacsAndAllVerify(CmkSpec spec) {
    KeyId key = key(spec);
    MacAlgorithm algorithm = MacAlgorithm.of(spec);
    byte[] old = kms.generateMac(root, key, algorithm, MESSAGE);

    kms.rotateKeyOnDemand(root, key, true);

    byte[] young = kms.generateMac(root, key, algorithm, MESSAGE);
    assertFalse(Arrays.equals(old, young));
    kms.verifyMac(root, key, algorithm, MESSAGE, old);
    kms.verifyMac(root, key, algorithm, MESSAGE, young);
    old[0] ^= 1;
    assertThrows(
        KmsException.InvalidMac.class, () -> kms.verifyMac(root, key, algorithm, MESSAGE, old));
  }

  private byte[] encrypt(KeyId key) {
    return kms.encrypt(root, key, OAEP, MESSAGE, EncryptionContext.EMPTY).ciphertextBlob();
  }

  private DecryptResult decrypt(KeyId key, byte[] ciphertext) {
    return kms.decrypt(root, key, OAEP, ciphertext, EncryptionContext.EMPTY);
  }

  @Test
  void rsaEncryptsWithTheNewestAndDecryptsWithAll() {
    KeyId key = key(CmkSpec.RSA_2048, KeyUsage.ENCRYPT_DECRYPT);
    String first = material(key);
    byte[] old = encrypt(key);
    kms.rotateKeyOnDemand(root, key, true);
    kms.rotateKeyOnDemand(root, key, true);

    byte[] young = encrypt(key);

    assertEquals(material(key), decrypt(key, young).keyMaterialId());
    assertEquals(first, decrypt(key, old).keyMaterialId());
    assertArrayEquals(MESSAGE, decrypt(key, old).plaintext());
  }

  /** Also for one that is a number for one modulus and too large for another. */
  @Test
  void ciphertextsThatFitNoGenerationAllFailAlike() throws Exception {
    KeyId key = key(CmkSpec.RSA_2048, KeyUsage.ENCRYPT_DECRYPT);
    RSAPublicKey first =
        (RSAPublicKey)
            KeyFactory.getInstance("RSA")
                .generatePublic(new X509EncodedKeySpec(kms.getPublicKey(root, key).publicKey()));
    byte[] changed = encrypt(key);
    changed[100] ^= 1;
    kms.rotateKeyOnDemand(root, key, true);
    byte[] tooLarge = new byte[256];
    Arrays.fill(tooLarge, (byte) 0xFF);
    byte[] modulus = first.getModulus().subtract(BigInteger.TWO).toByteArray();

    for (byte[] ciphertext :
        List.of(changed, tooLarge, Arrays.copyOfRange(modulus, 1, 257), new byte[256])) {
      KmsException e =
          assertThrows(KmsException.InvalidCiphertext.class, () -> decrypt(key, ciphertext));
      assertEquals(new KmsException.InvalidCiphertext().getMessage(), e.getMessage());
    }
  }

  @Test
  void withoutTheWordTheKeysAreRefusedAsInAws() {
    for (CmkSpec spec : List.of(CmkSpec.HMAC_256, CmkSpec.ECC_NIST_P256)) {
      KeyId key = key(spec);

      KmsException e =
          assertThrows(
              KmsException.UnsupportedOperation.class, () -> kms.rotateKeyOnDemand(root, key));
      assertTrue(String.valueOf(e.getMessage()).contains("--with-overlap"), e.getMessage());
      assertThrows(
          KmsException.UnsupportedOperation.class, () -> kms.enableKeyRotation(root, key, 365));
      assertThrows(
          KmsException.UnsupportedOperation.class,
          () -> kms.listKeyRotations(root, key, true, null, 10));
    }
  }

  @Test
  void keysForWhichNobodyCouldTellTheGenerationDoNotRotate() {
    KeyId agreement = key(CmkSpec.ECC_NIST_P256, KeyUsage.KEY_AGREEMENT);
    KeyId encapsulation = key(CmkSpec.ML_KEM_768);
    KeyId pkcs1 = key(CmkSpec.RSA_2048, KeyUsage.ENCRYPT_DECRYPT);
    kms.updatePkcs1Decryption(root, pkcs1, true);
    KeyId rotated = key(CmkSpec.RSA_2048, KeyUsage.ENCRYPT_DECRYPT);
    kms.rotateKeyOnDemand(root, rotated, true);

    for (KeyId key : List.of(agreement, encapsulation, pkcs1)) {
      assertThrows(
          KmsException.UnsupportedOperation.class, () -> kms.rotateKeyOnDemand(root, key, true));
      assertThrows(
          KmsException.UnsupportedOperation.class,
          () -> kms.enableKeyRotation(root, EnableKeyRotationRequest.of(key, 365).overlapping()));
    }
    assertThrows(
        KmsException.UnsupportedOperation.class,
        () -> kms.updatePkcs1Decryption(root, rotated, true));
  }

  @Test
  void scheduleRotatesThemToo() {
    KeyId key = key(CmkSpec.ECC_NIST_P256);
    SignRequest request = request(SigningAlgorithm.ECDSA_SHA_256);
    byte[] old = kms.sign(root, key, request);
    kms.enableKeyRotation(root, EnableKeyRotationRequest.of(key, 90).overlapping());
    String first = material(key);

    time.pass(Duration.ofDays(91));
    restart();

    assertNotEquals(first, material(key));
    kms.verify(root, key, request, old);
    assertTrue(kms.getKeyRotationStatus(root, key).isEnabled());
    assertEquals(2, kms.listKeyRotations(root, key, true, null, 10).items().size());
    kms.disableKeyRotation(root, key);
    assertFalse(kms.getKeyRotationStatus(root, key).isEnabled());
  }

  @Test
  void theWordIsOnRecord() {
    KeyId key = key(CmkSpec.HMAC_256);
    kms.rotateKeyOnDemand(root, key, true);

    assertEquals(
        "true",
        kms.lookupEvents(
                root,
                AuditQuery.newest(10)
                    .with(
                        new AuditQuery.Attribute(
                            AuditQuery.AttributeKey.EVENT_NAME, "RotateKeyOnDemand")))
            .get(0)
            .parameters()
            .get("withOverlap"));
  }

  @Test
  void anotherProcessSignsWithTheNewestAsSoonAsItHasHeardOfIt() throws Exception {
    KeyId key = key(CmkSpec.ECC_NIST_P256);
    SignRequest request = request(SigningAlgorithm.ECDSA_SHA_256);
    try (EmbeddedKms other = open()) {
      byte[] old = other.sign(rootOf(other), key, request);
      kms.rotateKeyOnDemand(root, key, true);
      String second = material(key);

      kms.verify(root, key, request, old);
      awaitMaterial(other, key, second);
      byte[] named = other.sign(rootOf(other), key, request.withKeyMaterialId(second));
      kms.verify(root, key, request.withKeyMaterialId(second), named);
    }
  }

  private void awaitMaterial(EmbeddedKms other, KeyId key, String material)
      throws InterruptedException {
    long start = System.nanoTime();
    while (!other.getPublicKey(rootOf(other), key).metadata().keyMaterialId().equals(material)) {
      assertTrue(System.nanoTime() - start < 10_000_000_000L, "it never heard of the rotation");
      Thread.sleep(1);
    }
  }

  @Test
  void materialIdOfAPublicKeyIsItsHash() {
    KeyId key = key(CmkSpec.ECC_NIST_P256);
    kms.rotateKeyOnDemand(root, key, true);

    GetPublicKeyResult now = kms.getPublicKey(root, key);

    assertEquals(
        HexFormat.of().formatHex(Sha256.of(now.publicKey())), now.metadata().keyMaterialId());
  }
}
