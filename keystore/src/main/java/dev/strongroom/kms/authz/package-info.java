// SPDX-License-Identifier: Apache-2.0
/**
 * Decides whether a caller may do something: explicit denial first, then the key policy, denial by
 * default.
 *
 * <p>Start at {@link dev.strongroom.kms.authz.Authorizer}; it answers every question with a {@link
 * dev.strongroom.kms.authz.Decision}. {@link dev.strongroom.kms.authz.KeyPolicy} reads the policy
 * language. Nothing here does cryptography or I/O: policies arrive as texts that {@code
 * kms.storage} loaded.
 *
 * <p>May import {@code kms} and {@code kms.json}. All types are immutable and safe to share between
 * threads.
 */
@NullMarked
package dev.strongroom.kms.authz;

import org.jspecify.annotations.NullMarked;
