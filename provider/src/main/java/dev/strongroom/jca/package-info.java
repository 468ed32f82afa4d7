// SPDX-License-Identifier: Apache-2.0
/**
 * The KMS as a JCA provider.
 *
 * <p>Start at {@link dev.strongroom.jca.StrongroomProvider}; {@code Services} is the one list of
 * what it offers, with one SPI class per engine behind it, and {@code JcaErrors} the one place
 * where failures of the KMS become JCA's exceptions. The parameter specs are public.
 *
 * <p>Nothing here opens keys: an SPI checks that a key is one of our handles, hashes or buffers
 * what it is given, and calls the handle's KMS in the name of the handle's caller. Keys of others
 * are never used here. May import {@code keystore}, {@code kms} and {@code kms.service}.
 */
@NullMarked
package dev.strongroom.jca;

import org.jspecify.annotations.NullMarked;
