// SPDX-License-Identifier: Apache-2.0
/**
 * The file that a backup is: sealed, signed, whole or refused.
 *
 * <p>Start at {@link dev.strongroom.kms.backup.BackupHeader}, then {@link
 * dev.strongroom.kms.backup.BackupWriter} and {@link dev.strongroom.kms.backup.BackupReader}. It
 * must not know what a store or an HSM is, nor decide who may make or restore a backup: {@code
 * kms.service} does, and hands it what signs and what derives keys.
 *
 * <p>May import {@code kms}, {@code kms.json}, {@code kms.key}, {@code kms.key.backing}, {@code
 * kms.crypto} and {@code kms.metrics}.
 */
@NullMarked
package dev.strongroom.kms.backup;

import org.jspecify.annotations.NullMarked;
