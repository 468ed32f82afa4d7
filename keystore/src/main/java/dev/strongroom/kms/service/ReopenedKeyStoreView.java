// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A KeyStore's view that lives longer than what it looks at: when the KMS was closed for a
 * checkpoint and is open again, the view is opened again, too.
 */
final class ReopenedKeyStoreView implements KeyStoreView {

  /** A view and the parts that keep it true. */
  private record Opened(KmsParts parts, KeyStoreView view) {}

  private final EmbeddedKms kms;
  private final Caller caller;
  private volatile Opened opened;

  ReopenedKeyStoreView(EmbeddedKms kms, Caller caller) {
    this.kms = kms;
    this.caller = caller;
    this.opened = open(kms.open());
  }

  @Override
  public List<String> names() {
    return current().names();
  }

  @Override
  public Optional<Entry> find(String name) {
    return current().find(name);
  }

  @Override
  public Map<String, String> tags(KeyId key) {
    return current().tags(key);
  }

  @Override
  public void requireLive() {
    current().requireLive();
  }

  @Override
  public Optional<Trusted> findTrusted(String name) {
    return current().findTrusted(name);
  }

  @SuppressWarnings("ReferenceEquality") // these very parts, not some like them
  private KeyStoreView current() {
    KmsParts parts = kms.open();
    Opened known = opened;
    if (known.parts() != parts) {
      known = open(parts);
      opened = known;
    }
    return known.view();
  }

  private Opened open(KmsParts parts) {
    return new Opened(parts, parts.keyStoreViews().open(caller));
  }
}
