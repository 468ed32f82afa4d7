// SPDX-License-Identifier: Apache-2.0
/**
 * What a KMS key is made of: its metadata, its key material at rest (key tokens), and the domain
 * key above that.
 *
 * <p>Start at {@link dev.strongroom.kms.key.KmsKey}, then KeyToken (the format); how tokens are
 * made and opened is in {@code kms.key.backing}. Derivation is the one key derivation function with
 * its closed list of labels. Nothing here decides who may do what, and nothing rests on disk.
 *
 * <p>May import {@code kms} and {@code hsm}: with {@code kms.key.backing} it is what the KMS knows
 * of an HSM's keys.
 */
@NullMarked
package dev.strongroom.kms.key;

import org.jspecify.annotations.NullMarked;
