// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.embedded;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HashAlgorithm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.WrappedKey;
import java.security.SecureRandom;
import java.util.Arrays;

/** A domain key version whose keys are in this JVM. */
final class EmbeddedDomainKey implements DomainKey {
  private static final int HASH_BYTES = 32;

  private final DomainKeyId id;
  private final DomainSecrets secrets;
  private final SecureRandom random;
  private volatile boolean closed;

  EmbeddedDomainKey(DomainKeyId id, DomainSecrets secrets, SecureRandom random) {
    this.id = id;
    this.secrets = secrets;
    this.random = random;
  }

  @Override
  public DomainKeyId id() {
    return id;
  }

  @Override
  public WrapPolicy wrapPolicy() {
    return WrapPolicy.OPEN;
  }

  @Override
  public byte[] hmac(byte[] data) {
    return Algorithms.hmac(HashAlgorithm.SHA_256, open().kdf(), data);
  }

  @Override
  public byte[] sign(byte[] hash) {
    if (hash.length != HASH_BYTES) {
      throw new IllegalArgumentException("A SHA-256 hash has 32 bytes, not " + hash.length + ".");
    }
    return Algorithms.sign(open().sign(), hash);
  }

  @Override
  public byte[] publicKey() {
    return secrets.publicKey().clone();
  }

  @Override
  public WrappedKey generate(BackingKeySpec spec) {
    requireSecret(spec);
    byte[] secret = new byte[spec.bits() / 8];
    random.nextBytes(secret);
    try {
      return new WrappedKey(Algorithms.wrap(open().wrap(), secret), new byte[0]);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  @Override
  public BackingKey unwrap(BackingKeySpec spec, byte[] body) {
    requireSecret(spec);
    byte[] secret = Algorithms.unwrap(open().wrap(), body);
    if (secret.length != spec.bits() / 8) {
      Arrays.fill(secret, (byte) 0);
      throw new HsmException.Tampered("The wrapped key is not a " + spec + ".", null);
    }
    return new EmbeddedBackingKey(spec, secret);
  }

  @Override
  public byte[] rewrap(BackingKeySpec spec, byte[] body, DomainKey target) {
    requireSecret(spec);
    if (!(target instanceof EmbeddedDomainKey other)) {
      throw new IllegalArgumentException("Domain key " + target.id() + " is of another HSM.");
    }
    byte[] secret = Algorithms.unwrap(open().wrap(), body);
    try {
      return Algorithms.wrap(other.open().wrap(), secret);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  private static void requireSecret(BackingKeySpec spec) {
    if (!spec.isSecret()) {
      throw new HsmException.Unsupported(
          "The embedded domain key holds no keys of spec "
              + spec
              + ", only secrets. Use a PKCS#11"
              + " token.");
    }
  }

  /** Returns the secrets as the file holds them; the caller zeroes them. */
  byte[] export() {
    return open().encode(id);
  }

  /** Lends the keys. */
  DomainSecrets open() {
    if (closed) {
      throw new HsmException.Unavailable("The embedded domain key was closed.", null);
    }
    return secrets;
  }

  void close() {
    closed = true;
    secrets.wipe();
  }
}
