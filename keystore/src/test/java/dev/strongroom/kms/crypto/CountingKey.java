// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.key.OpenKey;
import java.util.concurrent.atomic.AtomicInteger;

/** A key that counts how often it is asked: what would be HSM calls. */
record CountingKey(OpenKey key, AtomicInteger uses) implements OpenKey {

  @Override
  public byte[] hmac(String hash, byte[] data) {
    uses.incrementAndGet();
    return key.hmac(hash, data);
  }

  @Override
  public byte[] sign(SigningAlgorithm algorithm, byte[] input) {
    uses.incrementAndGet();
    return key.sign(algorithm, input);
  }

  @Override
  public byte[] decrypt(EncryptionAlgorithm algorithm, byte[] ciphertext) {
    uses.incrementAndGet();
    return key.decrypt(algorithm, ciphertext);
  }

  @Override
  public void close() {
    key.close();
  }
}
