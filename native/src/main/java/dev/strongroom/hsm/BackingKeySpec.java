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
  ED25519(Type.EDWARDS, 255);

  /** What can be done with a key: secrets make HMACs, the others sign, and RSA also decrypts. */
  public enum Type {
    SECRET,
    RSA,
    EC,
    EDWARDS
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
