// SPDX-License-Identifier: Apache-2.0
/**
 * Texts and conditions of policies, compiled: patterns with wildcards and variables, operators, and
 * the tests that they make.
 *
 * <p>Start at {@link dev.strongroom.kms.authz.match.ConditionTest}; {@link
 * dev.strongroom.kms.authz.match.Operator} lists the operators, and one class for each kind of
 * value compares. Nothing here reads policies: {@code kms.authz.policy} does, and says where a
 * value is wrong.
 *
 * <p>May import {@code kms} and {@code kms.authz.request}. All types are immutable and safe to
 * share between threads.
 */
@NullMarked
package dev.strongroom.kms.authz.match;

import org.jspecify.annotations.NullMarked;
