// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.kms.EncryptionContext;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Map;

/**
 * The encryption context of a {@code Cipher} {@code Kms}: text pairs that are bound to the
 * ciphertext, and that decrypting needs again. They are not secret.
 */
public record EncryptionContextSpec(EncryptionContext context) implements AlgorithmParameterSpec {

  /**
   * Returns the spec of these pairs, which are copied.
   *
   * @throws IllegalArgumentException if a key is empty, if text holds half of a surrogate pair, or
   *     if the pairs are longer than {@value EncryptionContext#MAX_BYTES} bytes altogether
   */
  public static EncryptionContextSpec of(Map<String, String> pairs) {
    return new EncryptionContextSpec(EncryptionContext.of(pairs));
  }
}
