// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jca;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** One key and the certificate of it, for both sides of TLS. */
public final class Identity extends X509ExtendedKeyManager {
  private final PrivateKey key;
  private final X509Certificate certificate;

  public Identity(PublicKey publicKey, PrivateKey key)
      throws GeneralSecurityException, IOException {
    this.key = key;
    this.certificate = SelfSigned.certificate(publicKey, key);
  }

  X509Certificate certificate() {
    return certificate;
  }

  @Override
  public String[] getClientAliases(String keyType, Principal[] issuers) {
    return new String[] {"only"};
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return List.of(keyTypes).contains(key.getAlgorithm()) ? "only" : null;
  }

  @Override
  public String[] getServerAliases(String keyType, Principal[] issuers) {
    return new String[] {"only"};
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return keyType.equals(key.getAlgorithm()) ? "only" : null;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return new X509Certificate[] {certificate};
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return key;
  }
}
