// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope.keyring;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.SystemRandom;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A recipient that wraps and unwraps data keys by itself, without a KMS: a break-glass key in a
 * safe, or one that the other side holds. Thread-safe.
 */
public interface Keyring {

  /**
   * Encrypts a data key for this recipient.
   *
   * @param dataKey 32 bytes; left intact
   */
  EncryptedDataKey wrap(byte[] dataKey, EncryptionContext context);

  /**
   * Returns the data key, which the caller owns, or nothing if the copy is not for this recipient
   * or is not authentic: which of them is not said.
   */
  Optional<byte[]> unwrap(EncryptedDataKey copy, EncryptionContext context);

  /** Returns a source of fresh data keys that each of the recipients can unwrap. */
  static MessageKeys.Source source(List<? extends Keyring> recipients) {
    List<Keyring> all = List.copyOf(recipients);
    SecureRandom random = SystemRandom.direct();
    return context -> {
      byte[] dataKey = new byte[MessageKeys.DATA_KEY_BYTES];
      random.nextBytes(dataKey);
      boolean handedOver = false;
      try {
        MessageKeys keys =
            MessageKeys.owning(
                dataKey, all.stream().map(keyring -> keyring.wrap(dataKey, context)).toList());
        handedOver = true;
        return keys;
      } finally {
        if (!handedOver) {
          Arrays.fill(dataKey, (byte) 0);
        }
      }
    };
  }

  /** Returns an opener that tries every copy with every recipient, in order. */
  static MessageKeys.Opener opener(List<? extends Keyring> recipients) {
    List<Keyring> all = List.copyOf(recipients);
    return (copies, context) ->
        copies.stream()
            .flatMap(copy -> all.stream().flatMap(ring -> ring.unwrap(copy, context).stream()))
            .findFirst()
            .orElseThrow(KmsException.InvalidCiphertext::new);
  }
}
