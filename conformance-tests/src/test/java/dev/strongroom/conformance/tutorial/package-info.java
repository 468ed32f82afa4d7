// SPDX-License-Identifier: Apache-2.0
/**
 * The README's Java code compiles and runs.
 *
 * <p>A block is a tutorial when the line {@code <!-- tutorial -->} or {@code <!-- tutorial: NAME
 * -->} stands above it. These tests use {@code strongroom.jar}, as the README's readers do, and
 * carry the tag {@code jar}.
 */
@NullMarked
package dev.strongroom.conformance.tutorial;

import org.jspecify.annotations.NullMarked;
