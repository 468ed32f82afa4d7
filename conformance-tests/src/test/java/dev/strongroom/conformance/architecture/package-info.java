// SPDX-License-Identifier: Apache-2.0
/**
 * The architecture as tests: which package may use which, and rules that hold for all code.
 *
 * <p>Start at {@code PackageDirectionTest}: its table is the drawing in the README.
 */
@NullMarked
package dev.strongroom.conformance.architecture;

import org.jspecify.annotations.NullMarked;
