// SPDX-License-Identifier: Apache-2.0
/**
 * KMS keys as KeyStore entries: the KeyStore SPI, handles to keys that stay in the KMS, and data
 * keys with their encrypted copies.
 *
 * <p>Start at {@link dev.strongroom.keystore.KmsKeyStoreSpi}; {@link
 * dev.strongroom.keystore.KmsKeyHandle} is what it gives out. A handle carries its KMS and its
 * caller, so that any Strongroom provider serves it.
 *
 * <p>Nothing here does cryptography or keeps keys of the KMS: handles are references. Data keys are
 * the exception, which is their purpose. May import {@code kms}, {@code kms.service} and {@code
 * acm}; Bouncy Castle only to read keys of a curve that the JDK lacks.
 */
@NullMarked
package dev.strongroom.keystore;

import org.jspecify.annotations.NullMarked;
