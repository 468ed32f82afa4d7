// SPDX-License-Identifier: Apache-2.0
/**
 * How soon a change that one process makes is in force in another. Start at {@code
 * ChangesInTwoJvmsTest}; {@code UserProgram} is what runs in the other process.
 */
@NullMarked
package dev.strongroom.conformance.changes;

import org.jspecify.annotations.NullMarked;
