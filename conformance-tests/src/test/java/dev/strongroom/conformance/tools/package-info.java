// SPDX-License-Identifier: Apache-2.0
/**
 * The JDK's own tools and defaults with keys of the KMS: keytool, jarsigner, and the TLS context
 * that a JVM has by itself.
 *
 * <p>Start at {@code KeytoolTest}.
 */
@NullMarked
package dev.strongroom.conformance.tools;

import org.jspecify.annotations.NullMarked;
