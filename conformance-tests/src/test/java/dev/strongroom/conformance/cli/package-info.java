// SPDX-License-Identifier: Apache-2.0
/**
 * The command line as its users see it: sessions in {@code src/test/resources/cli}, run with the
 * packaged program and compared word by word.
 *
 * <p>Start at {@code TranscriptTest}; a transcript's syntax is described at {@code Transcript}.
 */
@NullMarked
package dev.strongroom.conformance.cli;

import org.jspecify.annotations.NullMarked;
