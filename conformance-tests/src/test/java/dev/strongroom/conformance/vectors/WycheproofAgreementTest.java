// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.vectors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.vectors.Wycheproof.Vector;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.PeerKeys;
import dev.strongroom.kms.crypto.SoftwareKeys;
import dev.strongroom.kms.key.KeyMaterial;
import dev.strongroom.kms.key.OpenKey;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What KMS DeriveSharedSecret does with the published vectors: a valid one gives the secret, an
 * invalid public key none. "Acceptable" ones, compressed points and points of small order among
 * them, give the secret or are refused.
 */
class WycheproofAgreementTest {
  private final SoftwareKeys keys = new SoftwareKeys(new SecureRandom());

  @ParameterizedTest
  @CsvSource({"ecdh_secp256r1_test, ECC_NIST_P256", "ecdh_secp384r1_test, ECC_NIST_P384"})
  void ecdhSecretsAreAsPublished(String file, CmkSpec spec) throws Exception {
    List<Vector> vectors = Wycheproof.load(file);
    for (Vector vector : vectors) {
      byte[] pkcs8 = privateKey(spec, new BigInteger(vector.text("private"), 16));
      assertAgrees(spec, pkcs8, vector.bytes("public"), vector);
    }
    assertTrue(vectors.size() > 100, "a file was read");
  }

  private static byte[] privateKey(CmkSpec spec, BigInteger d) throws IOException {
    ASN1ObjectIdentifier curve =
        spec == CmkSpec.ECC_NIST_P256
            ? SECObjectIdentifiers.secp256r1
            : SECObjectIdentifiers.secp384r1;
    return PrivateKeyInfoFactory.createPrivateKeyInfo(
            new ECPrivateKeyParameters(d, ECNamedDomainParameters.lookup(curve)))
        .getEncoded();
  }

  @Test
  void x25519SecretsAreAsPublished() {
    List<Vector> vectors = Wycheproof.load("x25519_test");
    for (Vector vector : vectors) {
      byte[] pkcs8 = hex("302e020100300506032b656e04220420" + vector.text("private"));
      byte[] publicKey = hex("302a300506032b656e032100" + vector.text("public"));
      assertAgrees(CmkSpec.X25519, pkcs8, publicKey, vector);
    }
    assertTrue(vectors.size() > 100, "a file was read");
  }

  private void assertAgrees(CmkSpec spec, byte[] pkcs8, byte[] publicKey, Vector vector) {
    OpenKey key = keys.open(spec, KeyMaterial.owning(pkcs8));
    try {
      byte[] secret = key.agree(PeerKeys.check(spec, publicKey));
      assertNotEquals("invalid", vector.result(), vector.name());
      assertArrayEquals(vector.bytes("shared"), secret, vector.name());
    } catch (KmsException.Validation e) {
      assertNotEquals("valid", vector.result(), vector.name());
    }
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
