// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.adapter.postgresql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Who may issue a server's certificate. */
final class ServerTrust {
  private ServerTrust() {}

  /**
   * Returns the trust managers for an {@code sslrootcert}; null, for the JVM's own, without one.
   */
  static TrustManager @Nullable [] of(String file) throws IOException, GeneralSecurityException {
    if (file.isEmpty()) {
      return null;
    }
    KeyStore trusted = KeyStore.getInstance("PKCS12", "SunJSSE");
    trusted.load(null, null);
    int count = 0;
    try (InputStream pem = Files.newInputStream(Path.of(file))) {
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509", "SUN").generateCertificates(pem)) {
        trusted.setCertificateEntry("root-" + count++, certificate);
      }
    }
    if (count == 0) {
      throw new CertificateException(
          "sslrootcert is " + file + ", and there is no certificate in it. It must be PEM.");
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX", "SunJSSE");
    factory.init(trusted);
    return factory.getTrustManagers();
  }
}
