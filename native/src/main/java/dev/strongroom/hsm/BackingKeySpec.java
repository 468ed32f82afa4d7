// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm;

/** The kinds of backing key an HSM may be asked for; the name says type and size. */
public enum BackingKeySpec {
  SECRET_224(Type.SECRET, 224),
  SECRET_256(Type.SECRET, 256),
  SECRET_384(Type.SECRET, 384),
  SECRET_512(Type.SECRET, 512),
  RSA_2048(Type.RSA, 2048),
  RSA_3072(Type.RSA, 3072),
  RSA_4096(Type.RSA, 4096),
  EC_P256(Type.EC, 256),
  EC_P384(Type.EC, 384),
  EC_P521(Type.EC, 521),
  EC_SECP256K1(Type.EC, 256),
  ED25519(Type.EDWARDS, 255),
  ECDH_P256(Type.AGREEMENT, 256),
  ECDH_P384(Type.AGREEMENT, 384),
  ECDH_P521(Type.AGREEMENT, 521),
  ECDH_SECP256K1(Type.AGREEMENT, 256);

  /** What can be done with a key. The HSM itself holds each key to that. */
  public enum Type {
    /** Makes HMACs. */
    SECRET,
    /** Signs and decrypts. */
    RSA,
    /** Signs. */
    EC,
    /** Signs. */
    EDWARDS,
    /** A key on the curve of an EC key that agrees on secrets, and never signs. */
    AGREEMENT
  }

  private final Type type;
  private final int bits;

  BackingKeySpec(Type type, int bits) {
    this.type = type;
    this.bits = bits;
  }

  public Type type() {
    return type;
  }

  /** Returns the length of the secret, the modulus or the curve's field in bits. */
  public int bits() {
    return bits;
  }

  public boolean isSecret() {
    return type == Type.SECRET;
  }
}
