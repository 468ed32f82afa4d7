// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.grant;

import dev.strongroom.kms.EncryptionContext;

/**
 * What a grant asks of the encryption context. Pairs are compared with their case, names and
 * values.
 *
 * @param context the pairs that are asked for; empty for {@link Kind#NONE}
 */
public record GrantConstraint(Kind kind, EncryptionContext context) {

  /** How the pairs are asked for. */
  public enum Kind {
    /** Not at all. */
    NONE,
    /** The context has these pairs and no others. */
    ENCRYPTION_CONTEXT_EQUALS,
    /** The context has these pairs, and may have others. */
    ENCRYPTION_CONTEXT_SUBSET
  }

  /** No constraint. */
  public static final GrantConstraint NONE =
      new GrantConstraint(Kind.NONE, EncryptionContext.EMPTY);

  /**
   * @throws IllegalArgumentException if there are pairs without a kind, or a subset of none
   */
  public GrantConstraint {
    if (kind == Kind.NONE && !context.isEmpty()) {
      throw new IllegalArgumentException("A grant without a constraint has no pairs.");
    }
    if (kind == Kind.ENCRYPTION_CONTEXT_SUBSET && context.isEmpty()) {
      throw new IllegalArgumentException(
          "EncryptionContextSubset without pairs asks for nothing. Name at least one pair.");
    }
  }

  /** The context must be exactly this one. */
  public static GrantConstraint equalTo(EncryptionContext context) {
    return new GrantConstraint(Kind.ENCRYPTION_CONTEXT_EQUALS, context);
  }

  /** The context must hold at least these pairs. */
  public static GrantConstraint containing(EncryptionContext context) {
    return new GrantConstraint(Kind.ENCRYPTION_CONTEXT_SUBSET, context);
  }

  /** Returns whether a request with that context is within the constraint. */
  public boolean isMetBy(EncryptionContext request) {
    return switch (kind) {
      case NONE -> true;
      case ENCRYPTION_CONTEXT_EQUALS -> request.equals(context);
      case ENCRYPTION_CONTEXT_SUBSET -> request.containsAll(context);
    };
  }

  /** Returns whether every request within this constraint is within {@code parent} too. */
  public boolean isAtLeastAsStrictAs(GrantConstraint parent) {
    return switch (parent.kind) {
      case NONE -> true;
      case ENCRYPTION_CONTEXT_EQUALS -> kind == parent.kind && context.equals(parent.context);
      case ENCRYPTION_CONTEXT_SUBSET -> kind != Kind.NONE && context.containsAll(parent.context);
    };
  }

  /** Returns AWS's name of the kind, as {@code kms:GrantConstraintType} has it; empty for none. */
  public String typeName() {
    return switch (kind) {
      case NONE -> "";
      case ENCRYPTION_CONTEXT_EQUALS -> "EncryptionContextEquals";
      case ENCRYPTION_CONTEXT_SUBSET -> "EncryptionContextSubset";
    };
  }
}
