// SPDX-License-Identifier: Apache-2.0
/**
 * Who is calling: users, access keys, and the callers that they authenticate as.
 *
 * <p>Start at {@link dev.strongroom.kms.iam.Identities}. Nothing here decides what a caller may do,
 * and no secret is kept: only verifiers, made by a function that is handed in.
 *
 * <p>May import {@code kms}, {@code kms.storage} and {@code kms.authz}.
 */
@NullMarked
package dev.strongroom.kms.iam;

import org.jspecify.annotations.NullMarked;
