// SPDX-License-Identifier: Apache-2.0
/**
 * Where keys, aliases, policies, grants, identities, trusted certificates and requests for
 * approvals rest: a database whose every row is authenticated.
 *
 * <p>Start at {@link dev.strongroom.kms.storage.KeyStorage}, what the rest of the KMS sees, and
 * {@link dev.strongroom.kms.storage.JdbcStore}, how it is opened. Table describes the rows, RowMacs
 * what makes them authentic, Changes how they are written and Scan how all of them are proven at
 * once. Nothing here decides or encrypts: it holds key tokens, not keys, and is handed a function
 * that makes MACs under a key that it never sees.
 *
 * <p>May import {@code kms}, {@code kms.json}, {@code kms.key}, {@code kms.approval}, {@code
 * kms.authz} and {@code kms.authz.grant}.
 */
@NullMarked
package dev.strongroom.kms.storage;

import org.jspecify.annotations.NullMarked;
