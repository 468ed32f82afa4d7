// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.cloudhsm;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.HashAlgorithm;
import dev.strongroom.hsm.TokenKeys;
import dev.strongroom.kms.CanonicalEncoding;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.Derivation;
import dev.strongroom.kms.key.Derivation.Label;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What tells the token of a custom key store from all others: a secret in it whose CKA_ID is the id
 * of the store, and {@code F(secret, strongroom/1/check, enc(id of the store))}, which the store
 * keeps. A token that was initialized anew, or another one of the same label, does not have it.
 */
final class TokenMark {
  private final String store;

  TokenMark(String store) {
    this.store = store;
  }

  /** Makes the secret where there is none, and returns the check value in hexadecimal. */
  String make(TokenKeys keys) {
    try (BackingKey mark =
        keys.find(id()).orElseGet(() -> keys.create(id(), "custom key store " + store))) {
      return value(mark);
    }
  }

  /**
   * @throws KmsException.CloudHsmClusterNotRelated if the token is another one
   */
  void require(TokenKeys keys, Optional<String> checkValue) {
    Optional<BackingKey> found = keys.find(id());
    if (found.isEmpty() || checkValue.isEmpty()) {
      throw notRelated();
    }
    try (BackingKey mark = found.get()) {
      byte[] value = value(mark).getBytes(StandardCharsets.US_ASCII);
      if (!MessageDigest.isEqual(value, checkValue.get().getBytes(StandardCharsets.US_ASCII))) {
        throw notRelated();
      }
    }
  }

  private KmsException notRelated() {
    return new KmsException.CloudHsmClusterNotRelated(
        "The token is not the one that custom key store "
            + store
            + " was first connected to: its check value differs. It was initialized anew, or is"
            + " another one of that name. Bring back the right one; nothing was changed.");
  }

  private String value(BackingKey mark) {
    byte[] context = new CanonicalEncoding().add(store).toBytes();
    return HexFormat.of()
        .formatHex(
            Derivation.derive(
                data -> mark.hmac(HashAlgorithm.SHA_256, data), Label.CHECK, context));
  }

  private byte[] id() {
    return store.getBytes(StandardCharsets.US_ASCII);
  }
}
