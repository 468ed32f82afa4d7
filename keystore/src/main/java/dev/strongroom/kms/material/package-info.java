// SPDX-License-Identifier: Apache-2.0
/**
 * Key material on its way in from elsewhere: under which key it is wrapped, and how it is
 * unwrapped.
 *
 * <p>Start at {@link dev.strongroom.kms.material.WrappingKeys}. It must not decide who may bring
 * material, nor what becomes of it: {@code kms.service} does.
 *
 * <p>May import {@code kms}, {@code kms.key} and {@code kms.key.backing}.
 */
@NullMarked
package dev.strongroom.kms.material;

import org.jspecify.annotations.NullMarked;
