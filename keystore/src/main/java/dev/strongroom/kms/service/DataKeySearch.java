// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.envelope.keyring.EncryptedDataKey;
import dev.strongroom.kms.crypto.envelope.keyring.Keyring;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the copy of a message's data key that this caller can open. */
final class DataKeySearch {
  private final Kms kms;
  private final Caller caller;
  private final Optional<KeyId> only;
  private final List<Keyring> keyrings;

  DataKeySearch(Kms kms, Caller caller, Optional<KeyId> only, List<Keyring> keyrings) {
    this.kms = kms;
    this.caller = caller;
    this.only = only;
    this.keyrings = keyrings;
  }

  /**
   * Returns the data key, which the caller owns.
   *
   * @throws KmsException what the KMS said to the first copy that was tried, if none opened
   */
  byte[] find(List<EncryptedDataKey> copies, EncryptionContext context) {
    KmsException refusal = null;
    for (EncryptedDataKey copy : copies) {
      KeyId keyId = keyId(copy);
      if (keyId == null || (only.isPresent() && !only.get().equals(keyId))) {
        continue;
      }
      try {
        return decrypt(keyId, copy, context);
      } catch (KmsException e) {
        refusal = refusal == null ? e : refusal;
      }
    }
    Optional<byte[]> byKeyring =
        copies.stream()
            .flatMap(copy -> keyrings.stream().flatMap(ring -> ring.unwrap(copy, context).stream()))
            .findFirst();
    if (byKeyring.isPresent()) {
      return byKeyring.get();
    }
    if (refusal != null) {
      throw refusal;
    }
    throw only.map(DataKeySearch::notFor).orElseGet(KmsException.InvalidCiphertext::new);
  }

  private static KmsException notFor(KeyId key) {
    return new KmsException.IncorrectKey(
        "The message was not encrypted for the key "
            + key
            + ". Its header names the keys that can open it; use one of those.");
  }

  private byte[] decrypt(KeyId keyId, EncryptedDataKey copy, EncryptionContext context) {
    DecryptResult opened =
        kms.decrypt(
            caller, keyId, EncryptionAlgorithm.SYMMETRIC_DEFAULT, copy.ciphertext(), context);
    return opened.plaintext();
  }

  /** Returns the key that a copy of ours names; null for other providers. */
  private static @Nullable KeyId keyId(EncryptedDataKey copy) {
    if (!copy.providerId().equals(Envelopes.PROVIDER_ID)) {
      return null;
    }
    try {
      return KeyArn.parse(copy.providerInfoText()).keyId();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
