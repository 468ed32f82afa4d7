// SPDX-License-Identifier: Apache-2.0
/**
 * {@code strongroom.jar}, the one file to deploy: what is in it, and that it gets along with the
 * libraries of the application that it is put beside.
 *
 * <p>These tests carry the tag {@code jar} and run in Maven's phase integration-test, when the jar
 * is there.
 */
@NullMarked
package dev.strongroom.conformance.packaging;

import org.jspecify.annotations.NullMarked;
