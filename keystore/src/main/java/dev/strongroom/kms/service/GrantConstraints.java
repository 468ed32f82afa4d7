// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.EncryptionContext;
import java.util.Optional;

/**
 * What a grant asks of the encryption context; at most one of the two, with 1 to 8 pairs whose
 * values have at most 384 characters. Pairs are compared with their case. Operations that have no
 * context are not constrained.
 *
 * @param encryptionContextEquals the context has these pairs and no others
 * @param encryptionContextSubset the context has these pairs, and may have others
 */
public record GrantConstraints(
    Optional<EncryptionContext> encryptionContextEquals,
    Optional<EncryptionContext> encryptionContextSubset) {

  /** No constraint. */
  public static final GrantConstraints NONE =
      new GrantConstraints(Optional.empty(), Optional.empty());

  /** The context must be exactly this one. */
  public static GrantConstraints equalTo(EncryptionContext context) {
    return new GrantConstraints(Optional.of(context), Optional.empty());
  }

  /** The context must hold at least these pairs. */
  public static GrantConstraints containing(EncryptionContext context) {
    return new GrantConstraints(Optional.empty(), Optional.of(context));
  }

  public boolean isEmpty() {
    return encryptionContextEquals.isEmpty() && encryptionContextSubset.isEmpty();
  }
}
