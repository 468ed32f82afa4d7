// SPDX-License-Identifier: Apache-2.0
/**
 * What a KMS key is made of: its metadata, its backing keys at rest (key tokens) and opened, and
 * the domain key above them.
 *
 * <p>Start at {@link dev.strongroom.kms.key.KmsKey}, then KeyToken (the format) and BackingKeys
 * (from token to usable key). Derivation is the one key derivation function with its closed list of
 * labels. Nothing here decides who may do what, and nothing rests on disk.
 *
 * <p>May import {@code kms} and {@code hsm}: it is the only package of the KMS that knows an HSM
 * exists.
 */
@NullMarked
package dev.strongroom.kms.key;

import org.jspecify.annotations.NullMarked;
