// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.util.List;

/**
 * How KMS keys encrypt, by AWS's names. The RSA ones beyond AWS's two are what JCA and XML
 * Encryption ask for: {@code OAEPWithSHA-256AndMGF1Padding} has MGF1 over SHA-1 unless parameters
 * say otherwise. The label of OAEP is always empty. RSAES_PKCS1_V1_5 decrypts only, and only where
 * an administrator allowed it for the key.
 */
public enum EncryptionAlgorithm {
  // spotless:off
  //                                  key type            hash of label   hash of MGF1
  SYMMETRIC_DEFAULT                  (KeyType.SYMMETRIC,  "",             ""),
  RSAES_PKCS1_V1_5                   (KeyType.RSA,        "",             ""),
  RSAES_OAEP_SHA_1                   (KeyType.RSA,        "SHA-1",        "SHA-1"),
  RSAES_OAEP_SHA_224                 (KeyType.RSA,        "SHA-224",      "SHA-224"),
  RSAES_OAEP_SHA_256                 (KeyType.RSA,        "SHA-256",      "SHA-256"),
  RSAES_OAEP_SHA_384                 (KeyType.RSA,        "SHA-384",      "SHA-384"),
  RSAES_OAEP_SHA_512                 (KeyType.RSA,        "SHA-512",      "SHA-512"),
  RSAES_OAEP_SHA_512_224             (KeyType.RSA,        "SHA-512/224",  "SHA-512/224"),
  RSAES_OAEP_SHA_512_256             (KeyType.RSA,        "SHA-512/256",  "SHA-512/256"),
  RSAES_OAEP_SHA_1_MGF1_SHA_224      (KeyType.RSA,        "SHA-1",        "SHA-224"),
  RSAES_OAEP_SHA_1_MGF1_SHA_256      (KeyType.RSA,        "SHA-1",        "SHA-256"),
  RSAES_OAEP_SHA_1_MGF1_SHA_384      (KeyType.RSA,        "SHA-1",        "SHA-384"),
  RSAES_OAEP_SHA_1_MGF1_SHA_512      (KeyType.RSA,        "SHA-1",        "SHA-512"),
  RSAES_OAEP_SHA_224_MGF1_SHA_1      (KeyType.RSA,        "SHA-224",      "SHA-1"),
  RSAES_OAEP_SHA_224_MGF1_SHA_256    (KeyType.RSA,        "SHA-224",      "SHA-256"),
  RSAES_OAEP_SHA_224_MGF1_SHA_384    (KeyType.RSA,        "SHA-224",      "SHA-384"),
  RSAES_OAEP_SHA_224_MGF1_SHA_512    (KeyType.RSA,        "SHA-224",      "SHA-512"),
  RSAES_OAEP_SHA_256_MGF1_SHA_1      (KeyType.RSA,        "SHA-256",      "SHA-1"),
  RSAES_OAEP_SHA_256_MGF1_SHA_224    (KeyType.RSA,        "SHA-256",      "SHA-224"),
  RSAES_OAEP_SHA_256_MGF1_SHA_384    (KeyType.RSA,        "SHA-256",      "SHA-384"),
  RSAES_OAEP_SHA_256_MGF1_SHA_512    (KeyType.RSA,        "SHA-256",      "SHA-512"),
  RSAES_OAEP_SHA_384_MGF1_SHA_1      (KeyType.RSA,        "SHA-384",      "SHA-1"),
  RSAES_OAEP_SHA_384_MGF1_SHA_224    (KeyType.RSA,        "SHA-384",      "SHA-224"),
  RSAES_OAEP_SHA_384_MGF1_SHA_256    (KeyType.RSA,        "SHA-384",      "SHA-256"),
  RSAES_OAEP_SHA_384_MGF1_SHA_512    (KeyType.RSA,        "SHA-384",      "SHA-512"),
  RSAES_OAEP_SHA_512_MGF1_SHA_1      (KeyType.RSA,        "SHA-512",      "SHA-1"),
  RSAES_OAEP_SHA_512_MGF1_SHA_224    (KeyType.RSA,        "SHA-512",      "SHA-224"),
  RSAES_OAEP_SHA_512_MGF1_SHA_256    (KeyType.RSA,        "SHA-512",      "SHA-256"),
  RSAES_OAEP_SHA_512_MGF1_SHA_384    (KeyType.RSA,        "SHA-512",      "SHA-384"),
  RSAES_OAEP_SHA_512_224_MGF1_SHA_1  (KeyType.RSA,        "SHA-512/224",  "SHA-1"),
  RSAES_OAEP_SHA_512_224_MGF1_SHA_224(KeyType.RSA,        "SHA-512/224",  "SHA-224"),
  RSAES_OAEP_SHA_512_224_MGF1_SHA_256(KeyType.RSA,        "SHA-512/224",  "SHA-256"),
  RSAES_OAEP_SHA_512_224_MGF1_SHA_384(KeyType.RSA,        "SHA-512/224",  "SHA-384"),
  RSAES_OAEP_SHA_512_224_MGF1_SHA_512(KeyType.RSA,        "SHA-512/224",  "SHA-512"),
  RSAES_OAEP_SHA_512_256_MGF1_SHA_1  (KeyType.RSA,        "SHA-512/256",  "SHA-1"),
  RSAES_OAEP_SHA_512_256_MGF1_SHA_224(KeyType.RSA,        "SHA-512/256",  "SHA-224"),
  RSAES_OAEP_SHA_512_256_MGF1_SHA_256(KeyType.RSA,        "SHA-512/256",  "SHA-256"),
  RSAES_OAEP_SHA_512_256_MGF1_SHA_384(KeyType.RSA,        "SHA-512/256",  "SHA-384"),
  RSAES_OAEP_SHA_512_256_MGF1_SHA_512(KeyType.RSA,        "SHA-512/256",  "SHA-512");
  // spotless:on

  private final KeyType keyType;
  private final String hash;
  private final String mgfHash;

  EncryptionAlgorithm(KeyType keyType, String hash, String mgfHash) {
    this.keyType = keyType;
    this.hash = hash;
    this.mgfHash = mgfHash;
  }

  /** Returns whether this is RSAES-OAEP, which has a hash and an MGF1 hash; the others have not. */
  public boolean isOaep() {
    return !hash.isEmpty();
  }

  /** Returns the standard name of the hash of the OAEP label; empty unless {@link #isOaep}. */
  public String hash() {
    return hash;
  }

  /** Returns the standard name of the hash inside MGF1; empty unless {@link #isOaep}. */
  public String mgfHash() {
    return mgfHash;
  }

  /** Returns whether a key of {@code spec} encrypts like this. */
  public boolean fits(CmkSpec spec) {
    return spec.type() == keyType;
  }

  /** Returns the algorithms that DescribeKey names for {@code spec}: AWS's. */
  public static List<EncryptionAlgorithm> namedFor(CmkSpec spec) {
    return switch (spec.type()) {
      case SYMMETRIC -> List.of(SYMMETRIC_DEFAULT);
      case RSA -> List.of(RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256);
      case EC, EDWARDS, MONTGOMERY, ML_DSA, ML_KEM, HMAC -> List.of();
    };
  }
}
