// SPDX-License-Identifier: Apache-2.0
/**
 * Encrypted attributes of JPA entities.
 *
 * <p>Start at {@link dev.strongroom.adapter.jpa.EncryptedStringConverter}. May import {@code
 * field}, {@code jca} and {@code keystore}. Jakarta Persistence is needed to use it, and is not
 * among our dependencies.
 */
@NullMarked
package dev.strongroom.adapter.jpa;

import org.jspecify.annotations.NullMarked;
