// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cms;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.conformance.fixture.Certificates;
import dev.strongroom.conformance.fixture.Cmks;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.CmkSpec;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates of ML-DSA keys (RFC 9881). */
class MlDsaCertificatesTest {
  private static final BouncyCastleProvider BC = new BouncyCastleProvider();

  @ParameterizedTest
  @CsvSource({
    "ML_DSA_44, ML_DSA_65, ML-DSA-44",
    "ML_DSA_65, ML_DSA_87, ML-DSA-65",
    "ML_DSA_87, ML_DSA_44, ML-DSA-87"
  })
  void keysSignTheirOwnCertificateAndThoseOfOthers(CmkSpec spec, CmkSpec other, String algorithm)
      throws Exception {
    KmsPrivateKey key = Cmks.SOFTWARE.signing(spec);
    ContentSigner signer = Certificates.signer(algorithm, key, Cmks.SOFTWARE.provider());
    X509Certificate authority = Certificates.authority(key, signer);
    X509Certificate issued =
        Certificates.issued(Cmks.SOFTWARE.rsa().publicKey(), authority, signer);

    authority.verify(bouncyCastles(authority.getPublicKey()), BC);
    issued.verify(bouncyCastles(authority.getPublicKey()), BC);
    PublicKey stranger = bouncyCastles(Cmks.SOFTWARE.signing(other).publicKey());
    assertThrows(GeneralSecurityException.class, () -> issued.verify(stranger, BC));
    if (Runtime.version().feature() >= 24) {
      authority.verify(authority.getPublicKey());
      issued.verify(authority.getPublicKey());
    }
  }

  private static PublicKey bouncyCastles(PublicKey key) throws GeneralSecurityException {
    return KeyFactory.getInstance("ML-DSA", BC)
        .generatePublic(new X509EncodedKeySpec(key.getEncoded()));
  }
}
