// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope.keyring;

import java.nio.charset.StandardCharsets;

/**
 * A copy of a message's data key, encrypted for one recipient. Immutable; nothing in it is secret.
 *
 * <p>Each of the three fields is at most 65535 bytes long. What they mean is the recipient's
 * affair: a KMS of ours writes {@code strongroom}, the ARN of the KMS key, and a ciphertext blob.
 */
public final class EncryptedDataKey {
  private static final int MAX_FIELD_BYTES = 0xFFFF;

  private final String providerId;
  private final byte[] providerInfo;
  private final byte[] ciphertext;

  private EncryptedDataKey(String providerId, byte[] providerInfo, byte[] ciphertext) {
    this.providerId = providerId;
    this.providerInfo = providerInfo;
    this.ciphertext = ciphertext;
  }

  /**
   * Copies its arguments.
   *
   * @throws IllegalArgumentException if one is longer than 65535 bytes
   */
  public static EncryptedDataKey of(String providerId, byte[] providerInfo, byte[] ciphertext) {
    requireFits("provider id", providerId.getBytes(StandardCharsets.UTF_8).length);
    requireFits("provider info", providerInfo.length);
    requireFits("ciphertext", ciphertext.length);
    return owning(providerId, providerInfo.clone(), ciphertext.clone());
  }

  private static void requireFits(String field, int length) {
    if (length > MAX_FIELD_BYTES) {
      throw new IllegalArgumentException(
          "The " + field + " of an encrypted data key is " + length + " bytes; at most 65535 fit.");
    }
  }

  /** As {@link #of}, without copying: the caller must not keep the arrays. */
  public static EncryptedDataKey owning(String providerId, byte[] providerInfo, byte[] ciphertext) {
    return new EncryptedDataKey(providerId, providerInfo, ciphertext);
  }

  /**
   * Returns who can decrypt this: {@code strongroom}, {@code aws-kms}, or a raw key's namespace.
   */
  public String providerId() {
    return providerId;
  }

  /** Returns a copy of what the provider needs to know, often the name of the wrapping key. */
  public byte[] providerInfo() {
    return providerInfo.clone();
  }

  /** Returns the provider info as text: for providers that put a name there. */
  public String providerInfoText() {
    return new String(providerInfo, StandardCharsets.UTF_8);
  }

  /** Returns a copy of the encrypted data key itself. */
  public byte[] ciphertext() {
    return ciphertext.clone();
  }

  @Override
  public String toString() {
    return "EncryptedDataKey[" + providerId + ", " + ciphertext.length + " bytes]";
  }
}
