// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.WrapPolicy;
import java.util.List;
import java.util.Set;

/**
 * What {@link TokenProbe} found out about a token.
 *
 * @param keyWrap the mechanism that is RFC 5649 on this module
 * @param isNss whether the module is NSS softokn, which wants one more attribute
 * @param wrapsUnextractable whether it wraps keys out that are not extractable
 * @param notes sentences for {@code doctor}
 */
record TokenTraits(
    long keyWrap,
    boolean isNss,
    Set<BackingKeySpec> specs,
    Set<WrapPolicy> policies,
    boolean wrapsUnextractable,
    List<String> notes) {

  TokenTraits {
    specs = Set.copyOf(specs);
    policies = Set.copyOf(policies);
    notes = List.copyOf(notes);
  }
}
