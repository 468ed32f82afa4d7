// SPDX-License-Identifier: Apache-2.0
/**
 * What a key-management system needs of a hardware security module, and no more.
 *
 * <p>Start at {@link dev.strongroom.hsm.Hsm}; it makes and finds {@link
 * dev.strongroom.hsm.DomainKey}s, and those make and open backing keys. Nothing here knows
 * policies, storage or formats above the wrapped key. Implementations are in {@code hsm.pkcs11} and
 * {@code hsm.embedded}; {@link dev.strongroom.hsm.HsmException} is the only failure that leaves
 * them.
 *
 * <p>May import nothing of ours.
 */
@NullMarked
package dev.strongroom.hsm;

import org.jspecify.annotations.NullMarked;
