// SPDX-License-Identifier: Apache-2.0
/**
 * Where keys, aliases, policies and identities rest: a database whose every row is authenticated.
 *
 * <p>Start at {@link dev.strongroom.kms.storage.KeyStorage}. Nothing here does cryptography: it
 * holds key tokens, not keys, and is handed a function that makes MACs.
 *
 * <p>May import {@code kms}, {@code kms.key} and {@code kms.authz}.
 */
@NullMarked
package dev.strongroom.kms.storage;

import org.jspecify.annotations.NullMarked;
