// SPDX-License-Identifier: Apache-2.0
/**
 * Decides whether a caller may do something: explicit denial first, then the key policy, identity
 * policies where it delegates to them, and grants; denial by default.
 *
 * <p>Start at {@link dev.strongroom.kms.authz.Authorizer}; it answers every question with a {@link
 * dev.strongroom.kms.authz.Decision}. The words of a question are in {@code kms.authz.request}, the
 * policy language in {@code kms.authz.policy} and {@code kms.authz.match}, grants in {@code
 * kms.authz.grant}. Nothing here does cryptography or I/O: policies arrive as texts and grants as
 * values that {@code kms.storage} loaded, and the only clock is the one of the request.
 *
 * <p><b>How the rest of the product uses it.</b>
 *
 * <ul>
 *   <li>Whoever authenticates makes an {@link dev.strongroom.kms.authz.Identity}: a {@code
 *       Principal} with its identity policies, those of its groups, its boundary and session
 *       policies. Policies are read with {@code Policy.parse} when they are put, which refuses, and
 *       with {@code Policy.stored} when they are loaded, which fails safe. A change makes a new
 *       Identity.
 *   <li>Whoever loads a key makes an Authorizer of its {@link dev.strongroom.kms.authz.KeyPolicy},
 *       account and {@code GrantSet}, and a {@link dev.strongroom.kms.authz.DecisionCache} over it.
 *       {@code Authorizer.with} takes changed grants without compiling the policy again; the cache
 *       is made anew.
 *   <li>Each call makes an {@code AccessRequest} with what the operation knows: the encryption
 *       context, the alias that it used, parameters by condition key, the verified grant tokens.
 *       Operations on aliases add the alias's ARN, CreateGrant the grant that it would make,
 *       RetireGrant the one that it would end.
 *   <li>A grant with a number of uses that allowed a call is in the decision's {@link
 *       dev.strongroom.kms.authz.Basis}; the caller counts the use, and asks again with the grant's
 *       id among the exhausted ones where none was left.
 *   <li>AssumeRole is decided by {@code Authorizer.ofRole} on the role's trust policy, everything
 *       that is about no key by {@code Authorizer.decideInAccount}.
 * </ul>
 *
 * <p><b>Where AWS's documentation leaves room</b>, the stricter or simpler reading is taken: the
 * permissions boundary and session policies limit every access, that by key policy and by grant
 * too; a grant to an account lets in its root, and others of it only if their identity policies do;
 * a policy variable without a value and a default fits nothing; a condition key that could never
 * have a value, or an operator that could never fit its key, is refused.
 *
 * <p>May import {@code kms}, {@code kms.json} and the packages below it. All types are immutable
 * and safe to share between threads, but for the cache, which says so.
 */
@NullMarked
package dev.strongroom.kms.authz;

import org.jspecify.annotations.NullMarked;
