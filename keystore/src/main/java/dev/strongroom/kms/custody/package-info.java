// SPDX-License-Identifier: Apache-2.0
/**
 * The domain key in the hands of custodians, of whom so many have to come together.
 *
 * <p>Start at {@link dev.strongroom.kms.custody.Custody}, which takes a domain key out of an HSM
 * and brings it back. {@code Shamir} parts the secret, {@link
 * dev.strongroom.kms.custody.CustodyPackage} is what is kept, {@link
 * dev.strongroom.kms.custody.KeyShare} what each custodian has. Nothing here decides who may do
 * that, and nothing writes files.
 *
 * <p>May import {@code kms}, {@code kms.key}, {@code hsm} and {@code hsm.transport}.
 */
@NullMarked
package dev.strongroom.kms.custody;

import org.jspecify.annotations.NullMarked;
