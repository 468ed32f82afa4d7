// SPDX-License-Identifier: Apache-2.0
/**
 * The words that callers and all other packages use: keys and their names, specs, states,
 * operations, encryption contexts, callers and failures.
 *
 * <p>Start at {@link dev.strongroom.kms.KeyRef} and {@link dev.strongroom.kms.CmkSpec}. The terms
 * are AWS KMS's wherever it has one. A <em>KMS key</em> (CMK) has one or more <em>backing keys</em>
 * (generations of key material), each at rest as a <em>key token</em> under the <em>domain
 * key</em>. A <em>data key</em> is for callers' own data and comes with a copy encrypted under a
 * KMS key, a <em>ciphertext blob</em>. An <em>encryption context</em> is a set of pairs bound to a
 * ciphertext as additional authenticated data.
 *
 * <p>Depends on nothing of ours and does no I/O. All types are immutable.
 */
@NullMarked
package dev.strongroom.kms;

import org.jspecify.annotations.NullMarked;
