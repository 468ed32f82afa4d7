// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.CreateKeyRequest;
import dev.strongroom.kms.service.Kms;
import java.security.Key;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can be changed through a KeyStore: aliases and trusted certificates come and go, keys get
 * certificate chains, and where the settings allow it, keys of other software are imported. No key
 * is removed here. Every change is stored when its method returns.
 */
final class KeyStoreChanges {
  private final KeyStoreEntries entries;

  KeyStoreChanges(KeyStoreEntries entries) {
    this.entries = entries;
  }

  /**
   * Makes {@code alias} name one of our own keys, and puts the chain beside the key. A key of other
   * software is imported, where the settings allow that.
   *
   * @param chain null or empty for leaving the chain as it is
   */
  void setKey(String alias, Key key, Certificate @Nullable [] chain) throws KeyStoreException {
    if (entries.findTrusted(alias).isPresent()) {
      throw new KeyStoreException(
          "setKeyEntry: "
              + alias
              + " is a trusted certificate. Delete it first, or choose another name.");
    }
    if (key instanceof KmsKeyHandle handle) {
      setOurs(alias, handle, chain);
    } else {
      importKey(alias, key, chain);
    }
  }

  private void setOurs(String alias, KmsKeyHandle handle, Certificate @Nullable [] chain)
      throws KeyStoreException {
    if (handle.kms() != entries.kms()) {
      throw new KeyStoreException(
          "setKeyEntry: " + handle.arn() + " is a key of another KMS, and stays there.");
    }
    try {
      List<X509Certificate> certificates = x509(chain);
      Optional<Alias> made = name(alias, handle);
      try {
        if (!certificates.isEmpty()) {
          kms().putKeyCertificateChain(caller(), handle.arn(), certificates);
        }
      } catch (KmsException e) {
        made.ifPresent(name -> takeBack(name, e));
        throw e;
      }
    } catch (KmsException | IllegalArgumentException e) {
      throw new KeyStoreException(e.getMessage(), e);
    }
  }

  /** Brings a key of other software in, where the settings allow that, and puts its chain. */
  private void importKey(String alias, Key key, Certificate @Nullable [] chain)
      throws KeyStoreException {
    try {
      List<X509Certificate> certificates = x509(chain);
      Alias name = KeyNames.alias(alias).orElseThrow(() -> notAnAlias(alias));
      CmkSpec spec = ImportedKey.spec(key);
      CreateKeyRequest request = CreateKeyRequest.of(spec).withAlias(name);
      KeyMetadata made =
          kms()
              .importKey(
                  caller(),
                  spec.allows(KeyUsage.SIGN_VERIFY)
                      ? request.withUsage(KeyUsage.SIGN_VERIFY)
                      : request,
                  ImportedKey.material(key));
      try {
        if (!certificates.isEmpty()) {
          kms().putKeyCertificateChain(caller(), made.arn(), certificates);
        }
      } catch (KmsException e) {
        takeBack(name, e);
        throw e;
      }
    } catch (KmsException.UnsupportedOperation e) {
      throw new KeyStoreException(
          "setKeyEntry: "
              + e.getMessage()
              + " A KeyPairGenerator KmsRSA or KmsEC makes keys here, and so does keytool -genkeypair"
              + " -keyalg KmsRSA -providername Strongroom.",
          e);
    } catch (KmsException | IllegalArgumentException e) {
      throw new KeyStoreException(e.getMessage(), e);
    }
  }

  private static List<X509Certificate> x509(Certificate @Nullable [] chain)
      throws KeyStoreException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Certificate certificate : chain == null ? new Certificate[0] : chain) {
      if (!(certificate instanceof X509Certificate x509)) {
        throw new KeyStoreException("setKeyEntry: a certificate chain is of X.509 certificates.");
      }
      certificates.add(x509);
    }
    return certificates;
  }

  /** Returns the alias, if it had to be made. What names the key already may be used again. */
  private Optional<Alias> name(String alias, KmsKeyHandle handle) throws KeyStoreException {
    if (entries
        .find(alias)
        .filter(entry -> entry.metadata().arn().equals(handle.arn()))
        .isPresent()) {
      entries.requireLive(); // nothing has to be changed, so nothing else refuses
      return Optional.empty();
    }
    Alias name = KeyNames.alias(alias).orElseThrow(() -> notAnAlias(alias));
    kms().createAlias(caller(), name, handle.arn());
    return Optional.of(name);
  }

  /** An entry is there as a whole or not at all. */
  private void takeBack(Alias made, KmsException cause) {
    try {
      kms().deleteAlias(caller(), made);
    } catch (KmsException e) {
      cause.addSuppressed(e);
    }
  }

  /** Trusts a certificate under a name that no key has. */
  void trust(String alias, @Nullable Certificate certificate) throws KeyStoreException {
    if (entries.find(alias).isPresent()) {
      throw new KeyStoreException(
          "setCertificateEntry: "
              + alias
              + " is a key. Choose another name; a certificate of the key goes in with setKeyEntry.");
    }
    if (!(certificate instanceof X509Certificate x509)) {
      throw new KeyStoreException("setCertificateEntry: only an X.509 certificate is trusted.");
    }
    try {
      kms().putTrustedCertificate(caller(), alias, x509);
    } catch (KmsException e) {
      throw new KeyStoreException(e.getMessage(), e);
    }
  }

  /** Removes a trusted certificate, or an alias; the key that it named stays. */
  void delete(String alias) throws KeyStoreException {
    try {
      if (entries.findTrusted(alias).isPresent()) {
        kms().deleteTrustedCertificate(caller(), alias);
        return;
      }
      Alias name = KeyNames.alias(alias).orElseThrow(() -> notAnAlias(alias));
      kms().deleteAlias(caller(), name);
    } catch (KmsException | IllegalArgumentException e) {
      throw new KeyStoreException(e.getMessage(), e);
    }
  }

  private static KeyStoreException notAnAlias(String keyId) {
    return new KeyStoreException(
        keyId
            + " is a key itself, not an alias. A KeyStore makes and removes aliases; a key is"
            + " removed with 'kms schedule-key-deletion --key-id "
            + keyId
            + "'.");
  }

  private Kms kms() {
    return entries.kms();
  }

  private Caller caller() {
    return entries.caller();
  }
}
