// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.KmsException;
import java.util.Optional;

/** The answer to "may this caller do this?", with what the audit trail records of it. */
public sealed interface Decision {

  /** Returns what decided, for the audit trail and administrators; empty where nothing applied. */
  Optional<String> decider();

  /** Returns whether the caller may. */
  default boolean isAllowed() {
    return this instanceof Allowed;
  }

  /**
   * Returns if the caller may.
   *
   * @throws KmsException.AccessDenied if not, with the reason
   */
  default void orThrow() {
    if (this instanceof Denied denied) {
      throw new KmsException.AccessDenied(denied.reason());
    }
  }

  /**
   * Yes.
   *
   * @param decidedBy the statement that allowed it, as {@code key policy, statement 1 "Admins"}
   */
  record Allowed(String decidedBy) implements Decision {
    @Override
    public Optional<String> decider() {
      return Optional.of(decidedBy);
    }
  }

  /**
   * No.
   *
   * @param reason for the caller; the same for a key that does not exist, so it never tells what
   *     policies say
   * @param decidedBy the statement that refused it; empty where none allowed it. Not for the caller
   */
  record Denied(String reason, Optional<String> decidedBy) implements Decision {
    @Override
    public Optional<String> decider() {
      return decidedBy;
    }
  }
}
