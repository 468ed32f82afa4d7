// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.HashAlgorithm;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.util.Arrays;

/** The mask generation function of OAEP and PSS (RFC 8017 §B.2.1). Not thread-safe. */
final class Mgf1 {
  private final MessageDigest digest;

  Mgf1(HashAlgorithm hash) {
    this.digest = digest(hash);
  }

  /** Adds the mask of {@code seed} to {@code target}. */
  void mask(byte[] target, byte[] seed) {
    int hashBytes = digest.getDigestLength();
    for (int counter = 0; counter * hashBytes < target.length; counter++) {
      digest.update(seed);
      digest.update((byte) (counter >> 24));
      digest.update((byte) (counter >> 16));
      digest.update((byte) (counter >> 8));
      digest.update((byte) counter);
      byte[] block = digest.digest();
      int from = counter * hashBytes;
      for (int i = 0; i < hashBytes && from + i < target.length; i++) {
        target[from + i] ^= block[i];
      }
      Arrays.fill(block, (byte) 0);
    }
  }

  static MessageDigest digest(HashAlgorithm hash) {
    try {
      return MessageDigest.getInstance(hash.jcaName(), "SUN");
    } catch (NoSuchAlgorithmException | NoSuchProviderException e) {
      throw new AssertionError("The provider SUN has " + hash.jcaName(), e);
    }
  }
}
