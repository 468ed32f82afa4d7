// SPDX-License-Identifier: Apache-2.0
/**
 * Backing keys: born and wrapped as key tokens, opened and kept open, and wrapped again under
 * another version of the domain key.
 *
 * <p>Start at {@link dev.strongroom.kms.key.backing.BackingKeys}, then KeyBirth, TokenOpening and
 * TokenRewrap, one for each of these; TokenSealer makes and checks the tokens, and HsmSpecs is the
 * table of what an HSM is asked for. The algorithms of keys in the JVM are behind SoftwareKeyring,
 * the tokens of custom key stores behind TokenKeyring. Nothing here knows callers, and nothing
 * rests on disk.
 *
 * <p>May import {@code kms}, {@code kms.key} and {@code hsm}.
 */
@NullMarked
package dev.strongroom.kms.key.backing;

import org.jspecify.annotations.NullMarked;
