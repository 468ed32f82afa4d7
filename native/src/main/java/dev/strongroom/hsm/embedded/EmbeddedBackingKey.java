// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.embedded;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.HashAlgorithm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.SignatureScheme;
import java.util.Arrays;

/** A secret that was unwrapped into this JVM. */
final class EmbeddedBackingKey implements BackingKey {
  private final BackingKeySpec spec;
  private final byte[] secret;
  private boolean closed;

  /** Takes ownership of {@code secret}. */
  EmbeddedBackingKey(BackingKeySpec spec, byte[] secret) {
    this.spec = spec;
    this.secret = secret;
  }

  @Override
  public BackingKeySpec spec() {
    return spec;
  }

  // The lock keeps close() from zeroing the secret under a computation.
  @Override
  public synchronized byte[] hmac(HashAlgorithm hash, byte[] data) {
    if (closed) {
      throw new HsmException.Gone("The backing key was closed.", null);
    }
    return Algorithms.hmac(hash, secret, data);
  }

  @Override
  public byte[] sign(SignatureScheme scheme, byte[] input) {
    throw new HsmException.Unsupported("A " + spec + " does not sign.");
  }

  @Override
  public byte[] decryptOaep(HashAlgorithm hash, HashAlgorithm mgfHash, byte[] ciphertext) {
    throw new HsmException.Unsupported("A " + spec + " does not decrypt RSA.");
  }

  @Override
  public synchronized void close() {
    closed = true;
    Arrays.fill(secret, (byte) 0);
  }
}
