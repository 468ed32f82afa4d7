// SPDX-License-Identifier: Apache-2.0
/**
 * What falls due in the life of keys and takes long, and is done by whichever process sees it
 * first.
 *
 * <p>Start at {@link dev.strongroom.kms.life.KeySweep}; {@link dev.strongroom.kms.life.PassedTime}
 * says what time it may be, {@link dev.strongroom.kms.life.DueWork} is the loop of all of them,
 * {@link dev.strongroom.kms.life.KeyRotator} gives keys new material, {@link
 * dev.strongroom.kms.life.DomainRotation} the domain key a new version. It must not decide what
 * callers may do, and does nothing that no caller asked for beforehand: {@code kms.service} does
 * the one and records the other.
 *
 * <p>May import {@code kms}, {@code kms.key}, {@code kms.key.backing}, {@code kms.storage} and
 * {@code kms.audit}.
 */
@NullMarked
package dev.strongroom.kms.life;

import org.jspecify.annotations.NullMarked;
