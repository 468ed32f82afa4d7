// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.embedded;

import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HsmException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;

/**
 * The keys of one version of a domain key, as the file holds them.
 *
 * <p>Layout, integers big-endian: {@code 01 | domain 16 | version 4 | wrapping key 32 | deriving
 * key 32 | length 2 | PKCS#8 | length 2 | SubjectPublicKeyInfo}.
 */
final class DomainSecrets {
  private static final byte FORMAT = 1;
  private static final int SECRET_BYTES = 32;

  private final byte[] wrap;
  private final byte[] kdf;
  private final byte[] sign;
  private final byte[] publicKey;

  private DomainSecrets(byte[] wrap, byte[] kdf, byte[] sign, byte[] publicKey) {
    this.wrap = wrap;
    this.kdf = kdf;
    this.sign = sign;
    this.publicKey = publicKey;
  }

  static DomainSecrets generate(SecureRandom random) {
    byte[] wrap = new byte[SECRET_BYTES];
    byte[] kdf = new byte[SECRET_BYTES];
    random.nextBytes(wrap);
    random.nextBytes(kdf);
    KeyPair pair = Algorithms.newSigningKey();
    return new DomainSecrets(
        wrap, kdf, pair.getPrivate().getEncoded(), pair.getPublic().getEncoded());
  }

  /** Takes ownership of the arrays. */
  static DomainSecrets of(byte[] wrap, byte[] kdf, byte[] sign, byte[] publicKey) {
    if (wrap.length != SECRET_BYTES || kdf.length != SECRET_BYTES) {
      throw new HsmException.Tampered("The wrapping or deriving key has not 32 bytes.", null);
    }
    return new DomainSecrets(wrap, kdf, sign, publicKey);
  }

  /** Returns the layout above; the caller zeroes it. */
  byte[] encode(DomainKeyId id) {
    return ByteBuffer.allocate(
            1 + 16 + 4 + 2 * SECRET_BYTES + 2 + sign.length + 2 + publicKey.length)
        .put(FORMAT)
        .putLong(id.domain().getMostSignificantBits())
        .putLong(id.domain().getLeastSignificantBits())
        .putInt(id.version())
        .put(wrap)
        .put(kdf)
        .putShort((short) sign.length)
        .put(sign)
        .putShort((short) publicKey.length)
        .put(publicKey)
        .array();
  }

  /**
   * Reads the layout above; {@code bytes} is left intact.
   *
   * @throws HsmException.Untrustworthy if it is not that of {@code id}
   */
  static DomainSecrets decode(DomainKeyId id, byte[] bytes) {
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      boolean known = in.get() == FORMAT;
      boolean same =
          new UUID(in.getLong(), in.getLong()).equals(id.domain()) && in.getInt() == id.version();
      if (known && same) {
        return new DomainSecrets(
            take(in, SECRET_BYTES),
            take(in, SECRET_BYTES),
            take(in, Short.toUnsignedInt(in.getShort())),
            take(in, Short.toUnsignedInt(in.getShort())));
      }
    } catch (BufferUnderflowException e) {
      // Shorter than the layout: refused like any other layout.
    }
    throw new HsmException.Untrustworthy(
        "The entry of domain key " + id + " is not what was written. Restore the file.");
  }

  private static byte[] take(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  byte[] wrap() {
    return wrap;
  }

  byte[] kdf() {
    return kdf;
  }

  byte[] sign() {
    return sign;
  }

  byte[] publicKey() {
    return publicKey;
  }

  void wipe() {
    Arrays.fill(wrap, (byte) 0);
    Arrays.fill(kdf, (byte) 0);
    Arrays.fill(sign, (byte) 0);
  }
}
