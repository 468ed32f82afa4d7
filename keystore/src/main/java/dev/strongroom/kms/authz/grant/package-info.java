// SPDX-License-Identifier: Apache-2.0
/**
 * Grants as values, and the index that finds the one that lets a caller through.
 *
 * <p>Start at {@link dev.strongroom.kms.authz.grant.Grant}; {@link
 * dev.strongroom.kms.authz.grant.GrantSet} holds those of one key. Nothing here knows policies, and
 * nothing rests on disk: {@code kms.storage} keeps grants, {@code kms.authz} asks them.
 *
 * <p>May import {@code kms}. All types are immutable and safe to share between threads.
 */
@NullMarked
package dev.strongroom.kms.authz.grant;

import org.jspecify.annotations.NullMarked;
