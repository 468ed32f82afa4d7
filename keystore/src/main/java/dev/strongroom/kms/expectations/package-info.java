// SPDX-License-Identifier: Apache-2.0
/**
 * Policies as code: holds a key policy to what it should allow and refuse, in users' own tests.
 *
 * <p>Start at {@link dev.strongroom.kms.expectations.PolicyExpectations}. Decides on the engine of
 * the KMS, without a KMS, a store or a file; needs no test framework, since a broken expectation is
 * an AssertionError. Must not decide anything itself. May import {@code kms} and {@code kms.authz}
 * with the packages below it.
 */
@NullMarked
package dev.strongroom.kms.expectations;

import org.jspecify.annotations.NullMarked;
