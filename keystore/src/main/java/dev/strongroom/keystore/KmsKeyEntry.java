// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import java.security.KeyStore;
import java.util.Map;
import java.util.Set;

/**
 * A KeyStore entry of an asymmetric key without a certificate. The JDK has no name for that: its
 * {@code PrivateKeyEntry} needs a chain, and a made-up certificate would end up in a handshake.
 */
public final class KmsKeyEntry implements KeyStore.Entry {
  private final KmsPrivateKey key;
  private final Map<String, String> tags;

  KmsKeyEntry(KmsPrivateKey key, Map<String, String> tags) {
    this.key = key;
    this.tags = tags;
  }

  public KmsPrivateKey getPrivateKey() {
    return key;
  }

  @Override
  public Set<Attribute> getAttributes() {
    return KeyAttribute.of(key.metadata(), tags);
  }
}
