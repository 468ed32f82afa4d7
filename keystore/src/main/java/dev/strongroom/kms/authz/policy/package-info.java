// SPDX-License-Identifier: Apache-2.0
/**
 * AWS's policy language: reads a document, refuses what is wrong with line, column and what is
 * allowed there, and compiles the rest once.
 *
 * <p>Start at {@link dev.strongroom.kms.authz.policy.Policy}; {@link
 * dev.strongroom.kms.authz.policy.PolicyKind} says what each kind of document may hold. Nothing
 * here weighs statements against each other: {@code kms.authz} does.
 *
 * <p>May import {@code kms}, {@code kms.json}, {@code kms.authz.request} and {@code
 * kms.authz.match}. All types are immutable and safe to share between threads.
 */
@NullMarked
package dev.strongroom.kms.authz.policy;

import org.jspecify.annotations.NullMarked;
