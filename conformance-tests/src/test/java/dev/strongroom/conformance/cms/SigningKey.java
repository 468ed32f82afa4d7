// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cms;

import dev.strongroom.conformance.fixture.Certificates;
import dev.strongroom.conformance.fixture.Cmks;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.CmkSpec;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;

/** A KMS key and one of the algorithms that Bouncy Castle names for it. */
enum SigningKey {
  RSA(Cmks.SOFTWARE, CmkSpec.RSA_2048, "SHA256withRSA"),
  RSA_SHA512(Cmks.SOFTWARE, CmkSpec.RSA_2048, "SHA512withRSA"),
  RSA_PSS(Cmks.SOFTWARE, CmkSpec.RSA_2048, "SHA256withRSAandMGF1"),
  RSA_PSS_SHA512(Cmks.SOFTWARE, CmkSpec.RSA_2048, "SHA512withRSAandMGF1"),
  P256(Cmks.SOFTWARE, CmkSpec.ECC_NIST_P256, "SHA256withECDSA"),
  P384(Cmks.SOFTWARE, CmkSpec.ECC_NIST_P384, "SHA384withECDSA"),
  P521(Cmks.SOFTWARE, CmkSpec.ECC_NIST_P521, "SHA512withECDSA"),
  SECP256K1(Cmks.SOFTWARE, CmkSpec.ECC_SECG_P256K1, "SHA256withECDSA"),
  ED25519(Cmks.SOFTWARE, CmkSpec.ECC_NIST_EDWARDS25519, "Ed25519"),
  HSM_RSA(Cmks.HSM, CmkSpec.RSA_2048, "SHA256withRSA"),
  HSM_RSA_PSS(Cmks.HSM, CmkSpec.RSA_2048, "SHA256withRSAandMGF1"),
  HSM_P256(Cmks.HSM, CmkSpec.ECC_NIST_P256, "SHA256withECDSA");

  private final Cmks cmks;
  private final CmkSpec spec;
  private final String algorithm;

  SigningKey(Cmks cmks, CmkSpec spec, String algorithm) {
    this.cmks = cmks;
    this.spec = spec;
    this.algorithm = algorithm;
  }

  KmsPrivateKey key() {
    return cmks.signing(spec);
  }

  String algorithm() {
    return algorithm;
  }

  ContentSigner signer() throws OperatorCreationException {
    return Certificates.signer(algorithm, key(), cmks.provider());
  }
}
