// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.KmsException;
import java.util.Optional;

/** The answer to "may this caller do this?", with what the audit trail records of it. */
public sealed interface Decision {

  /** Returns what decided; empty where nothing applied. Not for the caller. */
  Optional<Basis> basis();

  /** Returns what decided, for the audit trail and administrators; empty where nothing applied. */
  default Optional<String> decider() {
    return basis().map(Basis::label);
  }

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
   * @param by the statement or grant that allowed it
   */
  record Allowed(Basis by) implements Decision {
    @Override
    public Optional<Basis> basis() {
      return Optional.of(by);
    }
  }

  /**
   * No.
   *
   * @param reason for the caller; the same for a key that does not exist, so it never tells what
   *     policies say
   * @param basis the statement that refused it; empty where none allowed it. Not for the caller
   */
  record Denied(String reason, Optional<Basis> basis) implements Decision {}
}
