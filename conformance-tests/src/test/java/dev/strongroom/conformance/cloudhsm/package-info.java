// SPDX-License-Identifier: Apache-2.0
/**
 * Tokens that customers own, as custom key stores, with SoftHSM2 and NSS. Start at {@code
 * CustomKeyStoreTest}; {@code StoreScene} is what the tests have in common.
 */
@NullMarked
package dev.strongroom.conformance.cloudhsm;

import org.jspecify.annotations.NullMarked;
