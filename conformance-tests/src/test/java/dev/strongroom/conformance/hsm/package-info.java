// SPDX-License-Identifier: Apache-2.0
/**
 * What every HSM promises, tried on real modules: {@link
 * dev.strongroom.conformance.hsm.HsmContract}.
 */
@NullMarked
package dev.strongroom.conformance.hsm;

import org.jspecify.annotations.NullMarked;
