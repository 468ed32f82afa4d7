// SPDX-License-Identifier: Apache-2.0
/**
 * Where keys, aliases, policies and identities rest: a database whose every row is authenticated.
 *
 * <p>Start at {@link dev.strongroom.kms.storage.KeyStorage}, what the rest of the KMS sees, and
 * {@link dev.strongroom.kms.storage.JdbcStore}, how it is opened. Table describes the rows, RowMacs
 * what makes them authentic, Changes how they are written and Scan how all of them are proven at
 * once. Nothing here decides or encrypts: it holds key tokens, not keys, and is handed a function
 * that makes MACs under a key that it never sees.
 *
 * <p>May import {@code kms}, {@code kms.key} and {@code kms.authz}.
 */
@NullMarked
package dev.strongroom.kms.storage;

import org.jspecify.annotations.NullMarked;
