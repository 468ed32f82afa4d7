// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignatureKeysTest {

  @ParameterizedTest
  @CsvSource({
    "RSA, 2048, RSA_2048",
    "RSA, 3072, RSA_3072",
    "EC, secp256r1, ECC_NIST_P256",
    "EC, secp384r1, ECC_NIST_P384",
    "EC, secp521r1, ECC_NIST_P521",
    "Ed25519, '', ECC_NIST_EDWARDS25519"
  })
  void kindOfAPublicKeyIsTold(String algorithm, String kind, CmkSpec spec)
      throws GeneralSecurityException {
    assertEquals(spec, SignatureKeys.specOf(publicKey(algorithm, kind)));
  }

  @ParameterizedTest
  @CsvSource({"RSA, 1024", "X25519, ''", "DSA, 2048", "Ed448, ''"})
  void otherKeysAreRefused(String algorithm, String kind) throws GeneralSecurityException {
    byte[] key = publicKey(algorithm, kind);

    assertThrows(KmsException.Validation.class, () -> SignatureKeys.specOf(key));
  }

  @Test
  void everyOtherEncodingOfAKeyIsRefused() throws GeneralSecurityException {
    byte[] key = publicKey("EC", "secp256r1");

    assertThrows(
        KmsException.Validation.class,
        () -> SignatureKeys.specOf(Arrays.copyOf(key, key.length + 1)));
    for (int cut = 0; cut < key.length; cut++) {
      byte[] shorter = Arrays.copyOf(key, cut);
      assertThrows(KmsException.Validation.class, () -> SignatureKeys.specOf(shorter));
    }
    assertThrows(KmsException.Validation.class, () -> SignatureKeys.specOf(new byte[9000]));
  }

  /** One key under two encodings would be two approvers. */
  @Test
  void keyOnACurveThatIsWrittenOutIsRefused() throws Exception {
    ECPublicKeyParameters named =
        (ECPublicKeyParameters) PublicKeyFactory.createKey(publicKey("EC", "secp256r1"));
    ECDomainParameters curve = named.getParameters();
    ECDomainParameters written =
        new ECDomainParameters(curve.getCurve(), curve.getG(), curve.getN(), curve.getH());
    byte[] encoded =
        SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
                new ECPublicKeyParameters(named.getQ(), written))
            .getEncoded();

    assertThrows(KmsException.Validation.class, () -> SignatureKeys.specOf(encoded));
  }

  @Test
  void keyWhoseSignaturesAnybodyCanMakeIsRefused() throws Exception {
    RSAPublicKey good =
        (RSAPublicKey) KeyPairGenerator.getInstance("RSA").generateKeyPair().getPublic();
    byte[] encoded =
        new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                new org.bouncycastle.asn1.pkcs.RSAPublicKey(good.getModulus(), BigInteger.ONE))
            .getEncoded();

    assertThrows(KmsException.Validation.class, () -> SignatureKeys.specOf(encoded));
  }

  @Test
  void whatIsNoKeyIsRefusedWhateverItIs() throws GeneralSecurityException {
    byte[] key = publicKey("EC", "secp256r1");
    SplittableRandom random = new SplittableRandom(1);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = key.clone();
      for (int j = random.nextInt(1, 4); j > 0; j--) {
        changed[random.nextInt(32)] = (byte) random.nextInt();
      }
      // The first 26 bytes are the algorithm; what follows may be another point on the curve.
      boolean isOtherAlgorithm = !Arrays.equals(changed, 0, 26, key, 0, 26);
      try {
        SignatureKeys.specOf(changed);
        assertFalse(isOtherAlgorithm, HexFormat.of().formatHex(changed));
      } catch (KmsException.Validation e) {
        refused++;
      }
    }
    assertTrue(refused > 15_000, "most are no keys: " + refused);
  }

  private static byte[] publicKey(String algorithm, String kind) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (kind.startsWith("secp")) {
      generator.initialize(new ECGenParameterSpec(kind));
    } else if (!kind.isEmpty()) {
      generator.initialize(Integer.parseInt(kind));
    }
    return generator.generateKeyPair().getPublic().getEncoded();
  }
}
