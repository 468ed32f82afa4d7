// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.keystore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.service.CreateKeyRequest;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys of other software, brought in through the KeyStore or the KMS itself. */
class ImportTest {
  private static final byte[] MESSAGE = {1, 2, 3};
  @TempDir private static Path folder;
  private static KmsHome home;
  private static TestCa ca;
  private static KeyPair rsa;
  private static KeyPair ec;

  @BeforeAll
  static void open() throws Exception {
    home = KmsHome.in(folder.resolve("home"), "import=allow");
    ca = TestCa.ec();
    KeyPairGenerator rsaGenerator = KeyPairGenerator.getInstance("RSA");
    rsaGenerator.initialize(2048);
    rsa = rsaGenerator.generateKeyPair();
    KeyPairGenerator ecGenerator = KeyPairGenerator.getInstance("EC");
    ecGenerator.initialize(new ECGenParameterSpec("secp256r1"));
    ec = ecGenerator.generateKeyPair();
  }

  @AfterAll
  static void close() {
    home.close();
  }

  @ParameterizedTest
  @CsvSource({
    "RSA, 2048, SHA256withRSA, RSA_2048",
    "EC, 256, SHA256withECDSA, ECC_NIST_P256",
    "EC, 521, SHA512withECDSA, ECC_NIST_P521",
    "Ed25519, 255, Ed25519, ECC_NIST_EDWARDS25519"
  })
  void aPrivateKeyWithItsChainSignsAsBefore(
      String algorithm, int bits, String signing, CmkSpec spec) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    KeyPair pair = generator.generateKeyPair();
    Certificate[] chain = ca.issue(pair.getPublic(), "CN=x").toArray(new Certificate[0]);
    String alias = "imported-" + spec;
    KeyStore keyStore = home.keyStore();
    keyStore.setKeyEntry(alias, pair.getPrivate(), "ignored".toCharArray(), chain);

    Signature signature = Signature.getInstance(signing, home.provider());
    signature.initSign(home.privateKey(alias));
    signature.update(MESSAGE);
    byte[] signed = signature.sign();
    Signature verifier = Signature.getInstance(signing);
    verifier.initVerify(pair.getPublic());
    verifier.update(MESSAGE);
    assertTrue(verifier.verify(signed));
    KeyMetadata metadata = home.privateKey(alias).metadata();
    assertEquals(spec, metadata.spec());
    assertEquals(KeyOrigin.EXTERNAL, metadata.origin());
    assertEquals(ProtectionLevel.SOFTWARE, metadata.protectionLevel());
    assertArrayEquals(chain, keyStore.getCertificateChain(alias));
  }

  @Test
  void anHmacKeyMakesTheSameMacs() throws Exception {
    SecretKey software = new SecretKeySpec(new byte[32], "HmacSHA256");
    home.keyStore().setKeyEntry("mac", software, null, null);
    Mac theirs = Mac.getInstance("HmacSHA256");
    theirs.init(software);
    Mac ours = Mac.getInstance("HmacSHA256", home.provider());
    ours.init(home.keyStore().getKey("mac", null));

    assertArrayEquals(theirs.doFinal(new byte[5]), ours.doFinal(new byte[5]));
  }

  @Test
  void anAesKeyBecomesASymmetricKey() throws Exception {
    home.keyStore().setKeyEntry("aes", new SecretKeySpec(new byte[32], "AES"), null, null);
    KmsSecretKey key = assertInstanceOf(KmsSecretKey.class, home.keyStore().getKey("aes", null));

    assertEquals(CmkSpec.SYMMETRIC_DEFAULT, key.metadata().spec());
    KeyStoreException refused =
        assertThrows(
            KeyStoreException.class,
            () ->
                home.keyStore()
                    .setKeyEntry("short", new SecretKeySpec(new byte[16], "AES"), null, null));
    assertTrue(String.valueOf(refused.getMessage()).contains("128 bits"), refused.getMessage());
  }

  @Test
  void importIsOffUnlessTheSettingsAllowIt() throws Exception {
    try (KmsHome strict = KmsHome.in(folder.resolve("strict"))) {
      Certificate[] chain = ca.issue(ec.getPublic(), "CN=x").toArray(new Certificate[0]);
      KeyStore keyStore = strict.keyStore();
      KeyStoreException refused =
          assertThrows(
              KeyStoreException.class,
              () -> keyStore.setKeyEntry("in", ec.getPrivate(), null, chain));

      assertTrue(String.valueOf(refused.getMessage()).contains("import=allow"));
      assertInstanceOf(KmsException.UnsupportedOperation.class, refused.getCause());
      assertFalse(keyStore.containsAlias("in"));
    }
  }

  @Test
  void theCallersBytesAreWiped() {
    byte[] material = new byte[48];
    Arrays.fill(material, (byte) 7);
    home.kms().importKey(home.root(), CreateKeyRequest.of(CmkSpec.HMAC_384), material);
    assertArrayEquals(new byte[48], material);
  }

  private static void assertRefused(CmkSpec spec, byte[] pkcs8) {
    CreateKeyRequest request = CreateKeyRequest.of(spec).withUsage(KeyUsage.SIGN_VERIFY);
    assertThrows(
        KmsException.Validation.class, () -> home.kms().importKey(home.root(), request, pkcs8));
  }

  private static byte[] with(KeyPair pair, ASN1Encodable privateKey) throws Exception {
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded());
    return new PrivateKeyInfo(info.getPrivateKeyAlgorithm(), privateKey).getEncoded();
  }

  @Test
  void anRsaKeyWithAnyNumberChangedIsRefused() throws Exception {
    RSAPrivateCrtKey good = (RSAPrivateCrtKey) rsa.getPrivate();
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
    for (UnaryOperator<BigInteger> change :
        List.<UnaryOperator<BigInteger>>of(
            n -> n.add(BigInteger.TWO), BigInteger::negate, n -> BigInteger.ZERO)) {
      for (int i = 0; i < numbers.length; i++) {
        BigInteger[] n = numbers.clone();
        n[i] = change.apply(n[i]);
        assertRefused(
            CmkSpec.RSA_2048,
            with(rsa, new RSAPrivateKey(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7])));
      }
    }
    assertRefused(CmkSpec.RSA_3072, rsa.getPrivate().getEncoded());
  }

  @Test
  void anEcKeyThatIsNotSoundIsRefused() throws Exception {
    BigInteger order =
        new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
    for (BigInteger d : List.of(BigInteger.ZERO, order)) {
      assertRefused(CmkSpec.ECC_NIST_P256, with(ec, new ECPrivateKey(256, d)));
    }
    byte[] point = new byte[65];
    point[0] = 4;
    assertRefused(
        CmkSpec.ECC_NIST_P256,
        with(ec, new ECPrivateKey(256, BigInteger.TEN, new DERBitString(point), null)));
    assertRefused(CmkSpec.ECC_NIST_P384, ec.getPrivate().getEncoded());
    assertRefused(CmkSpec.ECC_NIST_P256, rsa.getPrivate().getEncoded());
    assertRefused(CmkSpec.ECC_NIST_EDWARDS25519, ec.getPrivate().getEncoded());
    assertRefused(CmkSpec.ECC_NIST_P256, new byte[20]);
  }
}
