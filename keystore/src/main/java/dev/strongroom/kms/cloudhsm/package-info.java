// SPDX-License-Identifier: Apache-2.0
/**
 * Custom key stores: tokens that customers own, in which their KMS keys live and never leave.
 *
 * <p>Start at {@link dev.strongroom.kms.cloudhsm.CustomKeyStores}. It must not decide who may use a
 * store, and makes no key that it does not find again: {@code kms.service} does the one, {@code
 * kms.key} checks the other.
 *
 * <p>May import {@code kms}, {@code kms.key}, {@code kms.key.backing}, {@code kms.storage} and
 * {@code hsm}.
 */
@NullMarked
package dev.strongroom.kms.cloudhsm;

import org.jspecify.annotations.NullMarked;
