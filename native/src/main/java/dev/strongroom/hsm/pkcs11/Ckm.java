// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.HashAlgorithm;
import dev.strongroom.hsm.HsmException;

/** Mechanism types, PKCS#11 v2.40 (current mechanisms) and v3.0 for the Edwards curves. */
final class Ckm {
  // spotless:off
  static final long RSA_PKCS_KEY_PAIR_GEN    = 0x0000;
  static final long RSA_PKCS                 = 0x0001;
  static final long RSA_X_509                = 0x0003;
  static final long RSA_PKCS_OAEP            = 0x0009;
  static final long RSA_PKCS_PSS             = 0x000D;
  static final long SHA_1                    = 0x0220;
  static final long SHA_1_HMAC               = 0x0221;
  static final long SHA256                   = 0x0250;
  static final long SHA256_HMAC              = 0x0251;
  static final long SHA224                   = 0x0255;
  static final long SHA224_HMAC              = 0x0256;
  static final long SHA384                   = 0x0260;
  static final long SHA384_HMAC              = 0x0261;
  static final long SHA512                   = 0x0270;
  static final long SHA512_HMAC              = 0x0271;
  static final long GENERIC_SECRET_KEY_GEN   = 0x0350;
  static final long EC_KEY_PAIR_GEN          = 0x1040;
  static final long ECDSA                    = 0x1041;
  static final long ECDH1_DERIVE             = 0x1050;
  static final long EC_EDWARDS_KEY_PAIR_GEN  = 0x1055;
  static final long EDDSA                    = 0x1057;
  static final long AES_KEY_GEN              = 0x1080;
  /** RFC 5649 on some modules, PKCS#7 padding with RFC 3394 on others: never trusted unprobed. */
  static final long AES_KEY_WRAP_PAD         = 0x210A;
  /** RFC 5649 since v3.0; older modules do not know it. */
  static final long AES_KEY_WRAP_KWP         = 0x210B;
  // spotless:on

  /** The mechanism that hashes with {@code hash}. */
  static long digest(HashAlgorithm hash) {
    return switch (hash) {
      case SHA_1 -> SHA_1;
      case SHA_224 -> SHA224;
      case SHA_256 -> SHA256;
      case SHA_384 -> SHA384;
      case SHA_512 -> SHA512;
      case SHA_512_224, SHA_512_256, SHA3_224, SHA3_256, SHA3_384, SHA3_512 -> throw unnamed(hash);
    };
  }

  /** The mechanism that makes an HMAC with {@code hash}. */
  static long hmac(HashAlgorithm hash) {
    return switch (hash) {
      case SHA_1 -> SHA_1_HMAC;
      case SHA_224 -> SHA224_HMAC;
      case SHA_256 -> SHA256_HMAC;
      case SHA_384 -> SHA384_HMAC;
      case SHA_512 -> SHA512_HMAC;
      case SHA_512_224, SHA_512_256, SHA3_224, SHA3_256, SHA3_384, SHA3_512 -> throw unnamed(hash);
    };
  }

  /** CKG_MGF1_…, the mask generation function of OAEP and PSS (RFC 8017 §B.2.1). */
  static long mgf1(HashAlgorithm hash) {
    return switch (hash) {
      case SHA_1 -> 1;
      case SHA_256 -> 2;
      case SHA_384 -> 3;
      case SHA_512 -> 4;
      case SHA_224 -> 5;
      case SHA_512_224, SHA_512_256, SHA3_224, SHA3_256, SHA3_384, SHA3_512 -> throw unnamed(hash);
    };
  }

  /** Version 2.40 has no numbers for these, and of those of version 3.0 modules know few. */
  private static HsmException unnamed(HashAlgorithm hash) {
    return new HsmException.Unsupported("No token is asked for " + hash.jcaName() + ".");
  }

  private Ckm() {}
}
