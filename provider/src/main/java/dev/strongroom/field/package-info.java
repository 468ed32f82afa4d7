// SPDX-License-Identifier: Apache-2.0
/**
 * Values of fields, such as the columns of a table, encrypted one by one under cached data keys.
 *
 * <p>Start at {@link dev.strongroom.field.FieldEncryptor}; {@code FieldMessage} is the format, byte
 * by byte. A sealing key seals for one encryption context and opens nothing; an opening key came
 * out of a recorded Decrypt and seals nothing. Both live in a {@code DataKeyCache}, which bounds
 * them in number and age and wipes what leaves it.
 *
 * <p>Goes through the front door like any caller, for one data key instead of for every value. May
 * import {@code keystore}, {@code kms}, {@code kms.service}, and of the KMS's inside {@code
 * kms.crypto} for ciphers and random bytes and {@code kms.key} for the derivation function.
 */
@NullMarked
package dev.strongroom.field;

import org.jspecify.annotations.NullMarked;
