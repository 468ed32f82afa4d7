// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.ImportType;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.WrappingAlgorithm;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not taken as key material, and leaves the key as it was. */
class ImportRefusalsTest extends DueScene {
  private static final BigInteger P256_ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  private static final byte[] NO_POINT = {};

  private final Importer importer = new Importer(kms, root);

  ImportRefusalsTest(@TempDir Path home) {
    super(home);
  }

  private KeyId external(CmkSpec spec, KeyUsage usage) {
    CreateKeyRequest request =
        CreateKeyRequest.of(spec).withUsage(usage).withOrigin(KeyOrigin.EXTERNAL);
    return kms.createKey(root, request).keyId();
  }

  private KeyId symmetric() {
    return external(CmkSpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT);
  }

  private static byte[] secret() {
    return Materials.of(CmkSpec.SYMMETRIC_DEFAULT);
  }

  private String refused(Class<? extends KmsException> type, ImportKeyMaterialRequest request) {
    KmsException e = assertThrows(type, () -> kms.importKeyMaterial(root, request));
    assertEquals(KeyState.PENDING_IMPORT, kms.describeKey(root, request.key()).state());
    return String.valueOf(e.getMessage());
  }

  private void unsound(KeyId key, byte[] material) {
    String message = refused(KmsException.Validation.class, importer.request(key, material));
    assertTrue(message.startsWith("The key is not a sound one of spec"), message);
  }

  @Test
  void tokenOfAnotherKeyIsRefused() {
    KeyId key = symmetric();
    ImportKeyMaterialRequest ofOther = importer.request(symmetric(), secret());

    refused(
        KmsException.InvalidImportToken.class,
        ImportKeyMaterialRequest.of(key, ofOther.importToken(), ofOther.encryptedKeyMaterial()));
  }

  @Test
  void tokenIsGoodForADay() {
    KeyId key = symmetric();
    ImportKeyMaterialRequest request = importer.request(key, secret());

    time.pass(Duration.ofHours(24));
    refused(KmsException.ExpiredImportToken.class, request);

    ImportKeyMaterialRequest again = importer.request(key, secret());
    time.pass(Duration.ofHours(24).minusMinutes(1));
    kms.importKeyMaterial(root, again);
    assertEquals(KeyState.ENABLED, kms.describeKey(root, key).state());
  }

  @Test
  void alteredTokenIsRefusedWhereverItWasAltered() {
    KeyId key = symmetric();
    ImportKeyMaterialRequest request = importer.request(key, secret());
    byte[] token = request.importToken();
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 200; i++) {
      byte[] altered = token.clone();
      int at = i < 80 ? i : random.nextInt(token.length);
      altered[at] ^= (byte) (1 << random.nextInt(8));
      refused(
          KmsException.InvalidImportToken.class,
          ImportKeyMaterialRequest.of(key, altered, request.encryptedKeyMaterial()));
    }
    for (int length : new int[] {0, 1, 36, 37, token.length - 1, token.length + 1, 7000}) {
      refused(
          KmsException.InvalidImportToken.class,
          ImportKeyMaterialRequest.of(
              key, Arrays.copyOf(token, length), request.encryptedKeyMaterial()));
    }
  }

  @Test
  void tokenOfAnotherKmsIsRefused(@TempDir Path elsewhere) {
    try (KmsFixture other = KmsFixture.in(elsewhere)) {
      KeyId theirs =
          other.key(CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).withOrigin(KeyOrigin.EXTERNAL));
      ImportKeyMaterialRequest request =
          new Importer(other.kms(), other.root()).request(theirs, secret());

      refused(
          KmsException.InvalidImportToken.class,
          ImportKeyMaterialRequest.of(
              symmetric(), request.importToken(), request.encryptedKeyMaterial()));
    }
  }

  /** Whatever is wrong with the wrapping, the failure is the same. */
  @Test
  void wrongWrappingIsRefusedWithoutAReason() {
    KeyId key = symmetric();
    ImportKeyMaterialRequest good = importer.request(key, secret());
    byte[] wrapped = good.encryptedKeyMaterial();
    GetParametersForImportResult other =
        kms.getParametersForImport(
            root, key, WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_256, CmkSpec.RSA_2048);
    byte[] first = wrapped.clone();
    first[3] ^= 1;
    byte[] last = wrapped.clone();
    last[last.length - 1] ^= 1;
    List<byte[]> wrong =
        List.of(
            first,
            last,
            new byte[0],
            Arrays.copyOf(wrapped, 256),
            Arrays.copyOf(wrapped, wrapped.length - 8),
            new byte[wrapped.length],
            Importer.wrapped(
                WrappingAlgorithm.RSA_AES_KEY_WRAP_SHA_256, other.publicKey(), secret()),
            Importer.wrapped(WrappingAlgorithm.RSAES_OAEP_SHA_256, other.publicKey(), secret()));

    for (byte[] each : wrong) {
      String message =
          refused(
              KmsException.InvalidCiphertext.class,
              ImportKeyMaterialRequest.of(key, good.importToken(), each));
      assertEquals(new KmsException.InvalidCiphertext().getMessage(), message);
    }
  }

  @Test
  void wrappingWithAnotherHashIsRefused() {
    KeyId key = symmetric();
    GetParametersForImportResult parameters =
        kms.getParametersForImport(
            root, key, WrappingAlgorithm.RSAES_OAEP_SHA_256, CmkSpec.RSA_2048);

    refused(
        KmsException.InvalidCiphertext.class,
        ImportKeyMaterialRequest.of(
            key,
            parameters.importToken(),
            Importer.wrapped(
                WrappingAlgorithm.RSAES_OAEP_SHA_1, parameters.publicKey(), secret())));
  }

  @Test
  void secretOfAnotherLengthIsRefused() {
    KeyId key = symmetric();
    for (int length : new int[] {1, 16, 31, 33, 64}) {
      unsound(key, new byte[length]);
    }
    unsound(external(CmkSpec.HMAC_384, KeyUsage.GENERATE_VERIFY_MAC), new byte[32]);
  }

  @Test
  void rsaKeyWithNumbersThatDoNotFitIsRefused() throws Exception {
    KeyId key = external(CmkSpec.RSA_2048, KeyUsage.SIGN_VERIFY);
    RSAPrivateCrtKey good = (RSAPrivateCrtKey) Materials.pair(CmkSpec.RSA_2048).getPrivate();
    BigInteger[] numbers = {
      good.getModulus(),
      good.getPublicExponent(),
      good.getPrivateExponent(),
      good.getPrimeP(),
      good.getPrimeQ(),
      good.getPrimeExponentP(),
      good.getPrimeExponentQ(),
      good.getCrtCoefficient()
    };
    for (int i = 0; i < numbers.length; i++) {
      for (UnaryOperator<BigInteger> change :
          List.<UnaryOperator<BigInteger>>of(
              n -> n.add(BigInteger.ONE), n -> n.add(BigInteger.TWO), n -> BigInteger.ZERO)) {
        BigInteger[] altered = numbers.clone();
        altered[i] = change.apply(numbers[i]);
        unsound(key, pkcs8(altered));
      }
    }
    BigInteger[] equalPrimes = numbers.clone();
    equalPrimes[4] = equalPrimes[3];
    unsound(key, pkcs8(equalPrimes));
    unsound(key, withCompositePrime());
    unsound(key, Materials.of(CmkSpec.RSA_3072));
    unsound(key, Materials.of(CmkSpec.ECC_NIST_P256));
    importer.bring(key, pkcs8(numbers));
  }

  /** All numbers fit together, only that one "prime" is a product. */
  private static byte[] withCompositePrime() throws Exception {
    java.util.Random random = new java.util.Random(7);
    BigInteger e = BigInteger.valueOf(65537);
    while (true) {
      BigInteger p =
          BigInteger.probablePrime(512, random).multiply(BigInteger.probablePrime(512, random));
      BigInteger q = BigInteger.probablePrime(1024, random);
      BigInteger n = p.multiply(q);
      BigInteger p1 = p.subtract(BigInteger.ONE);
      BigInteger q1 = q.subtract(BigInteger.ONE);
      BigInteger lcm = p1.multiply(q1).divide(p1.gcd(q1));
      if (n.bitLength() == 2048 && lcm.gcd(e).equals(BigInteger.ONE)) {
        BigInteger d = e.modInverse(lcm);
        return pkcs8(n, e, d, p, q, d.mod(p1), d.mod(q1), q.modInverse(p));
      }
    }
  }

  private static byte[] pkcs8(BigInteger... n) throws Exception {
    return new PrivateKeyInfo(
            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
            new RSAPrivateKey(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]))
        .getEncoded();
  }

  @Test
  void curveKeyOutsideItsCurveIsRefused() throws Exception {
    KeyId key = external(CmkSpec.ECC_NIST_P256, KeyUsage.SIGN_VERIFY);
    byte[] offCurve = new byte[65];
    offCurve[0] = 4;
    offCurve[64] = 1;
    for (BigInteger scalar : List.of(BigInteger.ZERO, P256_ORDER, P256_ORDER.add(BigInteger.ONE))) {
      unsound(key, pkcs8(scalar, NO_POINT));
    }
    unsound(key, pkcs8(BigInteger.TEN, offCurve));
    unsound(key, pkcs8(BigInteger.TEN, new byte[] {0}));
    unsound(key, Materials.of(CmkSpec.ECC_NIST_P384));
    unsound(key, new byte[0x20]);
    unsound(
        external(CmkSpec.ECC_NIST_EDWARDS25519, KeyUsage.SIGN_VERIFY),
        Materials.of(CmkSpec.ECC_NIST_P256));
    importer.bring(key, pkcs8(BigInteger.TEN, NO_POINT));
  }

  private static byte[] pkcs8(BigInteger scalar, byte[] point) throws Exception {
    ECPrivateKey key =
        point.length == 0
            ? new ECPrivateKey(256, scalar)
            : new ECPrivateKey(256, scalar, new DERBitString(point), null);
    return new PrivateKeyInfo(
            new AlgorithmIdentifier(
                X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1),
            key)
        .getEncoded();
  }

  @Test
  void keyTakesOnlyTheMaterialThatItHad() {
    for (CmkSpec spec :
        List.of(CmkSpec.SYMMETRIC_DEFAULT, CmkSpec.HMAC_256, CmkSpec.ECC_NIST_P256)) {
      KeyId key = external(spec, spec.defaultUsage().orElseThrow());
      byte[] material = Materials.of(spec);
      String id = importer.bring(key, material);
      kms.deleteImportedKeyMaterial(root, DeleteImportedKeyMaterialRequest.of(key));

      refused(KmsException.IncorrectKeyMaterial.class, importer.request(key, Materials.of(spec)));
      assertEquals(id, importer.bring(key, material), spec.name());
      assertEquals(id, kms.describeKey(root, key).keyMaterialId());
    }
  }

  @Test
  void materialIsTheNamedOneOrRefused() {
    KeyId key = symmetric();
    byte[] material = secret();
    refused(
        KmsException.IncorrectKeyMaterial.class,
        importer.request(key, material).withKeyMaterialId("0".repeat(64)));

    String id = importer.bring(key, material);

    assertEquals(id, importer.bring(key, material, request -> request.withKeyMaterialId(id)));
    assertThrows(
        KmsException.IncorrectKeyMaterial.class,
        () ->
            importer.bring(
                key, material, request -> request.withType(ImportType.NEW_KEY_MATERIAL)));
  }

  @Test
  void onlySymmetricKeysHaveSeveralMaterials() {
    KeyId key = external(CmkSpec.HMAC_256, KeyUsage.GENERATE_VERIFY_MAC);
    importer.bring(key, Materials.of(CmkSpec.HMAC_256));

    assertThrows(
        KmsException.UnsupportedOperation.class,
        () ->
            importer.bring(
                key,
                Materials.of(CmkSpec.HMAC_256),
                request -> request.withType(ImportType.NEW_KEY_MATERIAL)));
  }

  @Test
  void expiryIsWithinAYearAndNotPast() {
    ImportKeyMaterialRequest request = importer.request(symmetric(), secret());
    Instant now = time.instant();

    for (Instant end : List.of(now.minusSeconds(1), now.plus(Duration.ofDays(366)))) {
      refused(KmsException.Validation.class, request.expiring(end));
    }
    refused(KmsException.Validation.class, request.withDescription("x".repeat(257)));
  }

  @Test
  void keysThatWereMadeHereTakeNoMaterial() {
    KeyId key = key(CmkSpec.SYMMETRIC_DEFAULT);
    ImportKeyMaterialRequest request = importer.request(symmetric(), secret());

    assertThrows(KmsException.UnsupportedOperation.class, () -> importer.request(key, secret()));
    assertThrows(
        KmsException.UnsupportedOperation.class,
        () ->
            kms.importKeyMaterial(
                root,
                ImportKeyMaterialRequest.of(
                    key, request.importToken(), request.encryptedKeyMaterial())));
    assertThrows(
        KmsException.UnsupportedOperation.class,
        () -> kms.deleteImportedKeyMaterial(root, DeleteImportedKeyMaterialRequest.of(key)));
    assertThrows(
        KmsException.Validation.class,
        () ->
            kms.getParametersForImport(
                root, symmetric(), WrappingAlgorithm.RSAES_OAEP_SHA_256, CmkSpec.ECC_NIST_P256));
  }

  @Test
  void trailHasWhatWasBroughtAndNotTheMaterial() {
    KeyId key = symmetric();
    byte[] material = secret();
    importer.bring(key, material, request -> request.withDescription("from the vault"));

    AuditRecord record =
        kms.lookupEvents(
                root,
                AuditQuery.newest(10)
                    .with(
                        new AuditQuery.Attribute(
                            AuditQuery.AttributeKey.EVENT_NAME, "ImportKeyMaterial")))
            .get(0);

    assertEquals("from the vault", record.parameters().get("keyMaterialDescription"));
    assertEquals("KEY_MATERIAL_DOES_NOT_EXPIRE", record.parameters().get("expirationModel"));
    assertFalse(record.parameters().toString().contains(HexFormat.of().formatHex(material)));
  }
}
