// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import java.util.Optional;

/**
 * Which grants ListGrants returns.
 *
 * @param grantId only the one of this id
 * @param granteePrincipal only those of this principal
 */
public record GrantFilter(Optional<String> grantId, Optional<String> granteePrincipal) {

  /** All grants of the key. */
  public static final GrantFilter ALL = new GrantFilter(Optional.empty(), Optional.empty());
}
