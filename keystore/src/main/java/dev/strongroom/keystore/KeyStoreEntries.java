// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.KeyStoreView;
import dev.strongroom.kms.service.Kms;
import java.io.ByteArrayInputStream;
import java.security.NoSuchProviderException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The entries that a loaded KeyStore shows. All but {@link #open}, {@link #tags} and {@link
 * #requireLive} is answered from memory: key managers ask for names and chains at every handshake.
 * Thread-safe.
 */
final class KeyStoreEntries {

  /** What is shown of a list of names; the view hands out the same list until something changes. */
  private record Shown(List<String> all, List<String> names) {}

  private final Kms kms;
  private final Caller caller;
  private final KeyStoreView view;
  private final @Nullable Pattern filter;
  private volatile Shown shown = new Shown(List.of(), List.of());
  // Keys are compared by identity and live as long as the view's snapshot.
  private final Map<KeyStoreView.Certificate, Certificate> parsed =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** Opens the KeyStore: one recorded ListAliases. */
  KeyStoreEntries(Kms kms, Caller caller, Optional<AliasFilter> filter) {
    this.kms = kms;
    this.caller = caller;
    this.view = kms.openKeyStore(caller);
    this.filter = filter.map(AliasFilter::pattern).orElse(null);
  }

  Kms kms() {
    return kms;
  }

  Caller caller() {
    return caller;
  }

  List<String> names() {
    List<String> all = view.names();
    Pattern pattern = filter;
    if (pattern == null) {
      return all;
    }
    Shown last = shown;
    if (last.all() != all) {
      last = new Shown(all, all.stream().filter(name -> pattern.matcher(name).matches()).toList());
      shown = last;
    }
    return last.names();
  }

  Optional<KeyStoreView.Entry> find(String name) {
    Optional<KeyStoreView.Entry> entry = view.find(name);
    Pattern pattern = filter;
    return pattern == null ? entry : entry.filter(e -> pattern.matcher(e.name()).matches());
  }

  Optional<KeyStoreView.Trusted> findTrusted(String name) {
    Pattern pattern = filter;
    return pattern == null || pattern.matcher(name).matches()
        ? view.findTrusted(name)
        : Optional.empty();
  }

  Certificate certificate(KeyStoreView.Trusted trusted) {
    return parse(trusted.certificate());
  }

  /**
   * Returns a handle to the entry's key: one recorded DescribeKey. Empty if the key was disabled or
   * deleted in between.
   */
  Optional<KmsKeyHandle> open(KeyStoreView.Entry entry) {
    KeyMetadata metadata;
    try {
      metadata = kms.describeKey(caller, entry.metadata().arn());
    } catch (KmsException.NotFound e) {
      return Optional.empty();
    }
    if (!metadata.isEnabled()) {
      return Optional.empty();
    }
    if (!metadata.spec().isAsymmetric()) {
      return Optional.of(new KmsSecretKey(kms, caller, metadata));
    }
    byte[] publicKey = entry.publicKey().orElseThrow(AssertionError::new).der();
    return Optional.of(
        KmsPrivateKey.of(
            kms, caller, metadata.withKeyMaterialId(entry.metadata().keyMaterialId()), publicKey));
  }

  /** Refuses where the view may not show all that there is: an entry that lacks may be there. */
  void requireLive() {
    view.requireLive();
  }

  Map<String, String> tags(KeyId key) {
    return view.tags(key);
  }

  /** Returns the entry's certificates, its own first; null when there are none. */
  Certificate @Nullable [] chain(KeyStoreView.Entry entry) {
    List<KeyStoreView.Certificate> chain = entry.certificateChain();
    return chain.isEmpty() ? null : chain.stream().map(this::parse).toArray(Certificate[]::new);
  }

  private Certificate parse(KeyStoreView.Certificate certificate) {
    return parsed.computeIfAbsent(certificate, KeyStoreEntries::parseDer);
  }

  private static Certificate parseDer(KeyStoreView.Certificate certificate) {
    try {
      return CertificateFactory.getInstance("X.509", "SUN")
          .generateCertificate(new ByteArrayInputStream(certificate.der()));
    } catch (CertificateException | NoSuchProviderException e) {
      throw new IllegalStateException("A certificate in the store cannot be read", e);
    }
  }
}
