// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.documents;

import dev.strongroom.conformance.fixture.Certificates;
import dev.strongroom.conformance.fixture.Cmks;
import dev.strongroom.conformance.fixture.TestCa;
import dev.strongroom.keystore.KmsPrivateKey;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;

/** A KMS key, its certificate, and the CA that issued it, whose key is a KMS key as well. */
record Signers(KmsPrivateKey key, X509Certificate certificate, X509Certificate authority) {
  static Signers of(KmsPrivateKey key)
      throws OperatorCreationException, IOException, GeneralSecurityException {
    ContentSigner issuer =
        Certificates.signer("SHA256withRSA", Cmks.SOFTWARE.rsa(), Cmks.SOFTWARE.provider());
    X509Certificate authority = Certificates.authority(Cmks.SOFTWARE.rsa(), issuer);
    return new Signers(key, Certificates.issued(key.publicKey(), authority, issuer), authority);
  }

  X509Certificate[] chain() {
    return new X509Certificate[] {certificate, authority};
  }

  /** Writes the CA's certificate; returns the file. */
  Path writeAuthority(Path folder) throws IOException, GeneralSecurityException {
    return TestCa.pem(folder.resolve("ca.pem"), List.of(authority));
  }
}
