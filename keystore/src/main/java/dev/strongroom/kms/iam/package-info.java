// SPDX-License-Identifier: Apache-2.0
/**
 * Identities: users, groups and roles, the policies and access keys that they have, and the callers
 * that authenticate with these.
 *
 * <p>Start at {@link dev.strongroom.kms.iam.Identities} for who is calling, at {@link
 * dev.strongroom.kms.iam.CallerPolicies} for which policies speak for a caller, and at {@link
 * dev.strongroom.kms.iam.IamDirectory} for how identities are made and changed; {@link
 * dev.strongroom.kms.iam.RoleSessions} come of assuming roles, {@link
 * dev.strongroom.kms.iam.Accounts} hold it all apart. Nothing here decides what a caller may do,
 * and no secret is kept: only verifiers, made by a function that is handed in.
 *
 * <p>May import {@code kms}, {@code kms.storage} and {@code kms.authz}.
 */
@NullMarked
package dev.strongroom.kms.iam;

import org.jspecify.annotations.NullMarked;
