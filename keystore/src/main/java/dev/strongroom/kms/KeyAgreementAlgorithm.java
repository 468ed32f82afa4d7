// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.util.Arrays;
import java.util.List;

/**
 * How KMS keys agree on secrets, by AWS's names (there: KeyAgreementAlgorithmSpec); X25519 is ours.
 */
public enum KeyAgreementAlgorithm {
  /** Elliptic curve Diffie-Hellman with cofactor 1 (SP 800-56A §5.7.1.2). */
  ECDH(KeyType.EC),
  /** RFC 7748 §6.1. */
  X25519(KeyType.MONTGOMERY);

  private final KeyType keyType;

  KeyAgreementAlgorithm(KeyType keyType) {
    this.keyType = keyType;
  }

  /** Returns whether a key of {@code spec} agrees like this. */
  public boolean fits(CmkSpec spec) {
    return spec.type() == keyType;
  }

  /** Returns the algorithms that DescribeKey names for {@code spec}: one, or none. */
  public static List<KeyAgreementAlgorithm> namedFor(CmkSpec spec) {
    return Arrays.stream(values()).filter(algorithm -> algorithm.fits(spec)).toList();
  }
}
