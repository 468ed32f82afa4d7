// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.databases;

import java.io.InputStream;
import java.io.OutputStream;
import java.security.Key;
import java.security.KeyStoreSpi;
import java.security.Provider;
import java.security.Security;
import java.security.cert.Certificate;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import java.util.List;

/**
 * A KeyStore of type JKS with one key and one certificate, for software that takes keys from files
 * of that type alone: while it is installed, such software works with a key of ours.
 */
final class BorrowedKeyStore extends KeyStoreSpi implements AutoCloseable {
  private static final String PROVIDER = "Borrowed";

  private final Key key;
  private final Certificate certificate;

  private BorrowedKeyStore(Key key, Certificate certificate) {
    this.key = key;
    this.certificate = certificate;
  }

  /** Puts itself before all other providers until it is closed. */
  static BorrowedKeyStore install(Key key, Certificate certificate) {
    BorrowedKeyStore store = new BorrowedKeyStore(key, certificate);
    Security.insertProviderAt(new JksProvider(store), 1);
    return store;
  }

  @Override
  public void close() {
    Security.removeProvider(PROVIDER);
  }

  /** Has the one service. */
  private static final class JksProvider extends Provider {
    private static final long serialVersionUID = 1;

    JksProvider(BorrowedKeyStore store) {
      super(PROVIDER, "1", "A KeyStore with one key");
      putService(
          new Service(this, "KeyStore", "JKS", BorrowedKeyStore.class.getName(), null, null) {
            @Override
            public Object newInstance(Object parameter) {
              return store;
            }
          });
    }
  }

  @Override
  public void engineLoad(InputStream stream, char[] password) {}

  @Override
  public Key engineGetKey(String alias, char[] password) {
    return key;
  }

  @Override
  public Certificate engineGetCertificate(String alias) {
    return certificate;
  }

  @Override
  public Certificate[] engineGetCertificateChain(String alias) {
    return new Certificate[] {certificate};
  }

  @Override
  public Date engineGetCreationDate(String alias) {
    return Date.from(Instant.EPOCH);
  }

  @Override
  public Enumeration<String> engineAliases() {
    return Collections.enumeration(List.of("key"));
  }

  @Override
  public boolean engineContainsAlias(String alias) {
    return true;
  }

  @Override
  public int engineSize() {
    return 1;
  }

  @Override
  public boolean engineIsKeyEntry(String alias) {
    return true;
  }

  @Override
  public boolean engineIsCertificateEntry(String alias) {
    return false;
  }

  @Override
  public String engineGetCertificateAlias(Certificate other) {
    return "key";
  }

  @Override
  public void engineSetKeyEntry(String alias, Key k, char[] password, Certificate[] chain) {
    throw new UnsupportedOperationException("one key is all there is");
  }

  @Override
  public void engineSetKeyEntry(String alias, byte[] k, Certificate[] chain) {
    throw new UnsupportedOperationException("one key is all there is");
  }

  @Override
  public void engineSetCertificateEntry(String alias, Certificate other) {
    throw new UnsupportedOperationException("one key is all there is");
  }

  @Override
  public void engineDeleteEntry(String alias) {
    throw new UnsupportedOperationException("one key is all there is");
  }

  @Override
  public void engineStore(OutputStream stream, char[] password) {}
}
