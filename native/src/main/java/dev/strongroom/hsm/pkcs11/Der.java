// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.HashAlgorithm;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** The few DER structures (X.690 §8, §10) between PKCS#11's raw values and the boundary's. */
final class Der {
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OCTET_STRING = 0x04;
  private static final int SEQUENCE = 0x30;

  private static final byte[] EC_PUBLIC_KEY = hex("06072a8648ce3d0201");
  private static final byte[] RSA_ENCRYPTION = hex("300d06092a864886f70d0101010500");

  private Der() {}

  /** Returns CKA_EC_PARAMS of the curve: its object identifier (RFC 5480 §2.1.1, RFC 8410 §3). */
  static byte[] curve(BackingKeySpec spec) {
    return switch (spec) {
      case EC_P256, ECDH_P256 -> hex("06082a8648ce3d030107");
      case EC_P384, ECDH_P384 -> hex("06052b81040022");
      case EC_P521, ECDH_P521 -> hex("06052b81040023");
      case EC_SECP256K1, ECDH_SECP256K1 -> hex("06052b8104000a");
      case ED25519 -> hex("06032b6570");
      case SECRET_224, SECRET_256, SECRET_384, SECRET_512, RSA_2048, RSA_3072, RSA_4096 ->
          throw new IllegalArgumentException(spec + " is not on a curve");
    };
  }

  /** Returns the SubjectPublicKeyInfo of an RSA key (RFC 8017 §A.1) from unsigned integers. */
  static byte[] rsaPublicKey(byte[] modulus, byte[] exponent) {
    return spki(RSA_ENCRYPTION, tag(SEQUENCE, join(integer(modulus), integer(exponent))));
  }

  /** Returns the SubjectPublicKeyInfo of a curve key (RFC 5480 §2, RFC 8410 §4). */
  static byte[] curvePublicKey(BackingKeySpec spec, byte[] ecPoint) {
    byte[] curve = curve(spec);
    byte[] algorithm = spec == BackingKeySpec.ED25519 ? curve : join(EC_PUBLIC_KEY, curve);
    return spki(tag(SEQUENCE, algorithm), rawPoint(spec, ecPoint));
  }

  /** Returns {@code 04 || x || y} of what {@link #curvePublicKey} made. */
  static byte[] pointIn(BackingKeySpec spec, byte[] spki) {
    int length = 1 + 2 * ((spec.bits() + 7) / 8);
    return Arrays.copyOfRange(spki, spki.length - length, spki.length);
  }

  /** Modules give CKA_EC_POINT in an OCTET STRING, as the standard says, or bare. */
  private static byte[] rawPoint(BackingKeySpec spec, byte[] ecPoint) {
    int fieldBytes = (spec.bits() + 7) / 8;
    int length = spec == BackingKeySpec.ED25519 ? fieldBytes : 1 + 2 * fieldBytes;
    byte[] raw = Arrays.copyOfRange(ecPoint, Math.max(0, ecPoint.length - length), ecPoint.length);
    if (ecPoint.length == length || MessageDigest.isEqual(tag(OCTET_STRING, raw), ecPoint)) {
      return raw;
    }
    throw new Pkcs11Exception("CKA_EC_POINT", Ckr.ATTRIBUTE_VALUE_INVALID.code);
  }

  static byte[] octetString(byte[] content) {
    return tag(OCTET_STRING, content);
  }

  /** Turns {@code r || s} into {@code SEQUENCE { r, s }} (RFC 3279 §2.2.3). */
  static byte[] ecdsaSignature(byte[] raw) {
    int half = raw.length / 2;
    byte[] r = Arrays.copyOf(raw, half);
    byte[] s = Arrays.copyOfRange(raw, half, raw.length);
    return tag(SEQUENCE, join(integer(r), integer(s)));
  }

  /** Returns the DigestInfo of {@code digest} (RFC 8017 §9.2, note 1). */
  static byte[] digestInfo(HashAlgorithm hash, byte[] digest) {
    String algorithm =
        switch (hash) {
          case SHA_1 -> "300906052b0e03021a0500";
          case SHA_224 -> "300d06096086480165030402040500";
          case SHA_256 -> "300d06096086480165030402010500";
          case SHA_384 -> "300d06096086480165030402020500";
          case SHA_512 -> "300d06096086480165030402030500";
          case SHA_512_224 -> "300d06096086480165030402050500";
          case SHA_512_256 -> "300d06096086480165030402060500";
          case SHA3_224 -> "300d06096086480165030402070500";
          case SHA3_256 -> "300d06096086480165030402080500";
          case SHA3_384 -> "300d06096086480165030402090500";
          case SHA3_512 -> "300d060960864801650304020a0500";
        };
    return tag(SEQUENCE, join(hex(algorithm), tag(OCTET_STRING, digest)));
  }

  private static byte[] spki(byte[] algorithm, byte[] key) {
    return tag(SEQUENCE, join(algorithm, tag(BIT_STRING, join(new byte[1], key))));
  }

  private static byte[] integer(byte[] unsigned) {
    int start = 0;
    while (start < unsigned.length - 1 && unsigned[start] == 0) {
      start++;
    }
    byte[] minimal = Arrays.copyOfRange(unsigned, start, unsigned.length);
    return tag(INTEGER, minimal[0] < 0 ? join(new byte[1], minimal) : minimal);
  }

  private static byte[] tag(int tag, byte[] content) {
    var out = new ByteArrayOutputStream();
    out.write(tag);
    int length = content.length;
    if (length > 0xFF) {
      out.write(0x82);
      out.write(length >> 8);
    } else if (length > 0x7F) {
      out.write(0x81);
    }
    out.write(length);
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
