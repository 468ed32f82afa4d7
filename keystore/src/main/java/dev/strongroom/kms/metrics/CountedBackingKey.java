// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.metrics;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.HashAlgorithm;
import dev.strongroom.hsm.SignatureScheme;

/** A backing key whose uses are counted and measured. */
record CountedBackingKey(BackingKey inside, HsmCounters counters) implements BackingKey {

  @Override
  public BackingKeySpec spec() {
    return inside.spec();
  }

  @Override
  public byte[] hmac(HashAlgorithm hash, byte[] data) {
    return counters.count(HsmCall.HMAC, () -> inside.hmac(hash, data));
  }

  @Override
  public byte[] sign(SignatureScheme scheme, byte[] input) {
    return counters.count(HsmCall.SIGN, () -> inside.sign(scheme, input));
  }

  @Override
  public byte[] decryptOaep(HashAlgorithm hash, HashAlgorithm mgfHash, byte[] ciphertext) {
    return counters.count(HsmCall.DECRYPT, () -> inside.decryptOaep(hash, mgfHash, ciphertext));
  }

  @Override
  public byte[] decryptRaw(byte[] ciphertext) {
    return counters.count(HsmCall.DECRYPT, () -> inside.decryptRaw(ciphertext));
  }

  @Override
  public byte[] agree(byte[] point) {
    return counters.count(HsmCall.AGREE, () -> inside.agree(point));
  }

  @Override
  public void close() {
    counters.count(
        HsmCall.CLOSE_KEY,
        () -> {
          inside.close();
          return true;
        });
  }
}
