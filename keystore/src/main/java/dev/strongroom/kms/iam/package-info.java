// SPDX-License-Identifier: Apache-2.0
/**
 * Who callers are: users, access keys and their verifiers.
 *
 * <p>Start at {@link dev.strongroom.kms.iam.Identities}. It authenticates; what an identity may do
 * is decided in {@code authz}. Secrets are not kept: the store has verifiers, which need the domain
 * key.
 *
 * <p>May import {@code kms}, {@code kms.authz} and {@code kms.storage}.
 */
@NullMarked
package dev.strongroom.kms.iam;

import org.jspecify.annotations.NullMarked;
