// SPDX-License-Identifier: Apache-2.0
/**
 * That Strongroom is a good guest of a JVM: what it costs those who do not use it, what it leaves
 * behind, and what of it fails alone.
 */
@NullMarked
package dev.strongroom.conformance.citizen;

import org.jspecify.annotations.NullMarked;
