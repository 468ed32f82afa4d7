// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.transport;

import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.WrapPolicy;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;

/**
 * One version of a domain key, its three keys wrapped under a transport key (AES-256, RFC 5649).
 *
 * <p>Layout, integers big-endian: {@code 01 | domain 16 | version 4 | wrap policy 1 (0 open, 1
 * strict, 2 trusted)}, and then four times {@code length 2 | bytes}: the wrapped wrapping key, the
 * wrapped deriving key, the wrapped PKCS#8 of the signing key, its SubjectPublicKeyInfo. Nothing
 * holds the four together: whoever keeps parcels authenticates them. Immutable.
 */
public final class DomainKeyParcel {
  private static final byte FORMAT = 1;
  private static final int HEAD = 22;

  /** By their numbers. */
  private static final List<WrapPolicy> POLICIES =
      List.of(WrapPolicy.OPEN, WrapPolicy.STRICT, WrapPolicy.TRUSTED);

  private final DomainKeyId id;
  private final WrapPolicy policy;
  private final byte[] wrap;
  private final byte[] kdf;
  private final byte[] sign;
  private final byte[] publicKey;

  /** Takes ownership of the arrays. */
  public DomainKeyParcel(
      DomainKeyId id, WrapPolicy policy, byte[] wrap, byte[] kdf, byte[] sign, byte[] publicKey) {
    this.id = id;
    this.policy = policy;
    this.wrap = wrap;
    this.kdf = kdf;
    this.sign = sign;
    this.publicKey = publicKey;
  }

  /**
   * Reads the layout above.
   *
   * @throws IllegalArgumentException if it is another
   */
  public static DomainKeyParcel decode(byte[] bytes) {
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      if (in.get() == FORMAT) {
        DomainKeyId id = new DomainKeyId(new UUID(in.getLong(), in.getLong()), in.getInt());
        WrapPolicy policy = POLICIES.get(in.get());
        DomainKeyParcel parcel =
            new DomainKeyParcel(id, policy, take(in), take(in), take(in), take(in));
        if (!in.hasRemaining()) {
          return parcel;
        }
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      // Refused like any other layout.
    }
    throw new IllegalArgumentException("This is no parcel of a domain key.");
  }

  public byte[] encode() {
    ByteBuffer out =
        ByteBuffer.allocate(HEAD + 8 + wrap.length + kdf.length + sign.length + publicKey.length)
            .put(FORMAT)
            .putLong(id.domain().getMostSignificantBits())
            .putLong(id.domain().getLeastSignificantBits())
            .putInt(id.version())
            .put((byte) POLICIES.indexOf(policy));
    for (byte[] part : new byte[][] {wrap, kdf, sign, publicKey}) {
      out.putShort((short) part.length).put(part);
    }
    return out.array();
  }

  private static byte[] take(ByteBuffer in) {
    byte[] part = new byte[Short.toUnsignedInt(in.getShort())];
    in.get(part);
    return part;
  }

  public DomainKeyId id() {
    return id;
  }

  public WrapPolicy policy() {
    return policy;
  }

  public byte[] wrap() {
    return wrap.clone();
  }

  public byte[] kdf() {
    return kdf.clone();
  }

  public byte[] sign() {
    return sign.clone();
  }

  /** Returns the public half of the signing key as DER SubjectPublicKeyInfo. */
  public byte[] publicKey() {
    return publicKey.clone();
  }
}
