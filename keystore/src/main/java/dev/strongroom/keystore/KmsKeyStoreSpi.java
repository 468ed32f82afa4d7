// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.KeyStoreView;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.KeyStoreSpi;
import java.security.NoSuchAlgorithmException;
import java.security.ProviderException;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * KeyStore {@code KMS}: the usable keys of an account, under their aliases without {@code alias/},
 * or under their key ids where they have none, and the account's trusted certificates.
 *
 * <p>Loading authenticates and is one recorded ListAliases; {@code getKey} is one recorded
 * DescribeKey and gives a handle, not a key. Everything else is answered from memory and follows
 * changes of the store. Names may also be given as {@code alias/app}, key ids and ARNs. Passwords
 * of entries are ignored: the access key decides.
 *
 * <p>When the access key is inactive or its session is over, the entries that were there are listed
 * still, with their certificates; keys are not given out, tags are not told, changes are refused,
 * and no entry comes in that is new.
 *
 * <p>Storing does nothing, because every change has been stored when its method returns.
 */
public final class KmsKeyStoreSpi extends KeyStoreSpi {
  private final KmsAccess access;
  private @Nullable KeyStoreEntries entries;

  public KmsKeyStoreSpi(KmsAccess access) {
    this.access = access;
  }

  @Override
  public boolean engineProbe(InputStream stream) throws IOException {
    return KeyStoreDescriptor.claims(stream);
  }

  /**
   * Opens the KeyStore of the settings, or that of a descriptor file.
   *
   * @param stream null, or a {@link KeyStoreDescriptor}
   * @param password {@code ACCESS_KEY_ID:SECRET}; null or empty for the access key of {@code
   *     AuthProvider.login}, else of the settings; left intact
   */
  @Override
  public void engineLoad(@Nullable InputStream stream, char @Nullable [] password)
      throws IOException {
    load(
        stream == null ? Optional.empty() : Optional.of(KeyStoreDescriptor.read(stream)), password);
  }

  /**
   * Opens the KeyStore as a {@link KmsLoadStoreParameter} says, or for another parameter that of
   * the settings.
   *
   * @throws NoSuchAlgorithmException if the protection is of another kind than those two
   */
  @Override
  public void engineLoad(KeyStore.@Nullable LoadStoreParameter parameter)
      throws IOException, NoSuchAlgorithmException, CertificateException {
    if (!(parameter instanceof KmsLoadStoreParameter ours)) {
      super.engineLoad(parameter);
      return;
    }
    char[] password = KeyStoreLogin.password(ours.getProtectionParameter());
    try {
      load(Optional.of(ours.descriptor()), password);
    } finally {
      if (password != null) {
        Arrays.fill(password, '\0');
      }
    }
  }

  private void load(Optional<KeyStoreDescriptor> descriptor, char @Nullable [] password)
      throws IOException {
    try {
      KmsAccess way = descriptor.isPresent() ? access.of(descriptor.get()) : access;
      entries =
          new KeyStoreEntries(
              way.kms(),
              KeyStoreLogin.caller(way, password),
              descriptor.flatMap(KeyStoreDescriptor::aliases));
    } catch (KmsException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public Enumeration<String> engineAliases() {
    return Collections.enumeration(entries().names());
  }

  @Override
  public int engineSize() {
    return entries().names().size();
  }

  @Override
  public boolean engineContainsAlias(String alias) {
    return engineIsKeyEntry(alias) || engineIsCertificateEntry(alias);
  }

  @Override
  public boolean engineIsKeyEntry(String alias) {
    return entries().find(alias).isPresent();
  }

  /** Returns whether it is a trusted certificate; a key with a certificate is a key. */
  @Override
  public boolean engineIsCertificateEntry(String alias) {
    return entries().findTrusted(alias).isPresent();
  }

  @Override
  public @Nullable Date engineGetCreationDate(String alias) {
    return entries()
        .find(alias)
        .map(KeyStoreView.Entry::creationDate)
        .or(() -> entries().findTrusted(alias).map(KeyStoreView.Trusted::creationDate))
        .map(Date::from)
        .orElse(null);
  }

  @Override
  public Certificate @Nullable [] engineGetCertificateChain(String alias) {
    KeyStoreView.Entry entry = entries().find(alias).orElse(null);
    return entry == null ? null : entries().chain(entry);
  }

  @Override
  public @Nullable Certificate engineGetCertificate(String alias) {
    Certificate[] chain = engineGetCertificateChain(alias);
    return chain == null ? trusted(alias) : chain[0];
  }

  private @Nullable Certificate trusted(String alias) {
    return entries().findTrusted(alias).map(entries()::certificate).orElse(null);
  }

  @Override
  public @Nullable String engineGetCertificateAlias(Certificate certificate) {
    for (String name : entries().names()) {
      if (certificate.equals(engineGetCertificate(name))) {
        return name;
      }
    }
    return null;
  }

  /**
   * Returns a handle; null if there is no such key or it is disabled. Ignores the password.
   *
   * @throws UnrecoverableKeyException also for an unknown name, if the access key is inactive or
   *     its session is over: new keys are not seen then
   */
  @Override
  public @Nullable Key engineGetKey(String alias, char @Nullable [] password)
      throws UnrecoverableKeyException {
    KeyStoreView.Entry entry = entries().find(alias).orElse(null);
    try {
      if (entry != null) {
        return entries().open(entry).orElse(null);
      }
      if (entries().findTrusted(alias).isEmpty()) {
        entries().requireLive();
      }
      return null;
    } catch (KmsException e) {
      throw unrecoverable(e);
    }
  }

  private static UnrecoverableKeyException unrecoverable(KmsException e) {
    UnrecoverableKeyException refused = new UnrecoverableKeyException(e.getMessage());
    refused.initCause(e);
    return refused;
  }

  /**
   * Returns a SecretKeyEntry, a PrivateKeyEntry, a TrustedCertificateEntry, or a {@link
   * KmsKeyEntry} for a private key without a certificate. Ignores the protection, which may be
   * null.
   */
  @Override
  public KeyStore.@Nullable Entry engineGetEntry(
      String alias, KeyStore.@Nullable ProtectionParameter protection)
      throws UnrecoverableKeyException {
    Key key = engineGetKey(alias, null);
    if (key instanceof KmsSecretKey secret) {
      return new KeyStore.SecretKeyEntry(secret, KeyAttribute.of(secret.metadata(), tags(secret)));
    }
    if (!(key instanceof KmsPrivateKey privateKey)) {
      Certificate trusted = trusted(alias);
      return trusted == null ? null : new KeyStore.TrustedCertificateEntry(trusted);
    }
    Certificate[] chain = engineGetCertificateChain(alias);
    return chain == null
        ? new KmsKeyEntry(privateKey, tags(privateKey))
        : new KeyStore.PrivateKeyEntry(
            privateKey, chain, KeyAttribute.of(privateKey.metadata(), tags(privateKey)));
  }

  private Map<String, String> tags(KmsKeyHandle key) throws UnrecoverableKeyException {
    try {
      return entries().tags(key.metadata().keyId());
    } catch (KmsException e) {
      throw unrecoverable(e);
    }
  }

  @Override
  public boolean engineEntryInstanceOf(String alias, Class<? extends KeyStore.Entry> type) {
    KeyStoreView.Entry entry = entries().find(alias).orElse(null);
    if (entry == null) {
      return type == KeyStore.TrustedCertificateEntry.class && engineIsCertificateEntry(alias);
    }
    if (!entry.metadata().spec().isAsymmetric()) {
      return type == KeyStore.SecretKeyEntry.class;
    }
    boolean bare = entry.certificateChain().isEmpty();
    return type == (bare ? KmsKeyEntry.class : KeyStore.PrivateKeyEntry.class);
  }

  /**
   * Returns facts about the key. JDK 18 and later call this; 17 has no such method.
   *
   * @throws ProviderException if the key's tags cannot be read; the interface knows no other
   *     failure
   */
  public Set<KeyStore.Entry.Attribute> engineGetAttributes(String alias) {
    try {
      return entries()
          .find(alias)
          .map(entry -> KeyAttribute.of(entry.metadata(), entries().tags(entry.keyId())))
          .orElse(Set.of());
    } catch (KmsException e) {
      throw new ProviderException(e.getMessage(), e);
    }
  }

  /**
   * Makes the alias name one of our own keys, and puts the chain beside the key, in the place of
   * the one before. Ignores the password; other keys are refused.
   *
   * @param chain null or empty for leaving the chain as it is
   */
  @Override
  public void engineSetKeyEntry(
      String alias, Key key, char @Nullable [] password, Certificate @Nullable [] chain)
      throws KeyStoreException {
    changes().setKey(alias, key, chain);
  }

  /**
   * Puts in the key of an entry, with its chain if it has one. Ignores the protection, which may be
   * null. A {@link KmsKeyEntry} gives a private key an alias without a chain.
   */
  @Override
  public void engineSetEntry(
      String alias, KeyStore.Entry entry, KeyStore.@Nullable ProtectionParameter protection)
      throws KeyStoreException {
    if (entry instanceof KeyStore.PrivateKeyEntry pair) {
      changes().setKey(alias, pair.getPrivateKey(), pair.getCertificateChain());
    } else if (entry instanceof KeyStore.SecretKeyEntry secret) {
      changes().setKey(alias, secret.getSecretKey(), null);
    } else if (entry instanceof KmsKeyEntry bare) {
      changes().setKey(alias, bare.getPrivateKey(), null);
    } else if (entry instanceof KeyStore.TrustedCertificateEntry trusted) {
      changes().trust(alias, trusted.getTrustedCertificate());
    } else {
      super.engineSetEntry(alias, entry, protection);
    }
  }

  /**
   * Trusts a certificate, in the place of the one of that name; all KeyStores of the account show
   * it.
   */
  @Override
  public void engineSetCertificateEntry(String alias, Certificate certificate)
      throws KeyStoreException {
    changes().trust(alias, certificate);
  }

  /** Removes a trusted certificate, or an alias; the key that it named stays. */
  @Override
  public void engineDeleteEntry(String alias) throws KeyStoreException {
    changes().delete(alias);
  }

  /** Does nothing: every change is stored already. keytool calls this after each. */
  @Override
  public void engineStore(@Nullable OutputStream stream, char @Nullable [] password) {}

  /** Does nothing: every change is stored already. */
  @Override
  public void engineStore(KeyStore.@Nullable LoadStoreParameter parameter) {}

  private KeyStoreChanges changes() {
    return new KeyStoreChanges(entries());
  }

  private KeyStoreEntries entries() {
    if (entries == null) {
      throw new IllegalStateException("The KeyStore was not loaded. Call load(null, password).");
    }
    return entries;
  }

  // Not offered

  @Override
  public void engineSetKeyEntry(String alias, byte[] key, Certificate @Nullable [] chain)
      throws KeyStoreException {
    throw new KeyStoreException(
        "setKeyEntry: an encoded key cannot be put in. Make a key with 'kms create-key'.");
  }
}
