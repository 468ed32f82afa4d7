// SPDX-License-Identifier: Apache-2.0
/**
 * What is asked: who wants to do what with which key, and every fact about it that a policy's
 * condition can name.
 *
 * <p>Start at {@link dev.strongroom.kms.authz.request.AccessRequest}. {@link
 * dev.strongroom.kms.authz.request.ConditionKey} is the one table of condition keys: what they are
 * called, what type they have, where their values come from. Nothing here decides.
 *
 * <p>May import {@code kms} and {@code kms.authz.grant}. All types are immutable and safe to share
 * between threads, but for {@code FactReader}, which serves one decision.
 */
@NullMarked
package dev.strongroom.kms.authz.request;

import org.jspecify.annotations.NullMarked;
