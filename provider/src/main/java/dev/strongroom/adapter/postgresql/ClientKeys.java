// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.adapter.postgresql;

import dev.strongroom.jca.StrongroomProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/** The keys that a client may show, out of the installed provider's KeyStore. */
final class ClientKeys {
  private ClientKeys() {}

  /** Returns the key managers for an {@code sslfactoryarg}. */
  static KeyManager[] of(String argument) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("KMS", StrongroomProvider.installed());
    if (argument.startsWith("/")) {
      try (InputStream descriptor = Files.newInputStream(Path.of(argument))) {
        keys.load(descriptor, null);
      }
      return any(keys);
    }
    keys.load(null, null);
    return argument.isEmpty() ? any(keys) : new KeyManager[] {one(keys, argument)};
  }

  // PKIX asks for a key only when a server wants one; SunX509 would ask for all at once.
  private static KeyManager[] any(KeyStore keys) throws GeneralSecurityException {
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX", "SunJSSE");
    factory.init(keys, null);
    return factory.getKeyManagers();
  }

  private static KeyManager one(KeyStore keys, String name) throws GeneralSecurityException {
    Key key = keys.getKey(name, null);
    if (!(key instanceof PrivateKey privateKey)) {
      throw new UnrecoverableKeyException(
          "sslfactoryarg is "
              + name
              + ", and there is no enabled private key of that name. 'kms list-aliases' has the"
              + " names.");
    }
    Certificate[] chain = keys.getCertificateChain(name);
    if (chain == null) {
      throw new UnrecoverableKeyException(
          name
              + " has no certificate to show to the server. Put one in with KeyStore.setKeyEntry or"
              + " 'keytool -importcert'.");
    }
    return new OneKeyManager(
        privateKey, Arrays.copyOf(chain, chain.length, X509Certificate[].class));
  }
}
