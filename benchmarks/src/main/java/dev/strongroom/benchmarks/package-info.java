// SPDX-License-Identifier: Apache-2.0
/** How fast the hot paths are, beside what a user could take instead. */
@NullUnmarked
package dev.strongroom.benchmarks;

import org.jspecify.annotations.NullUnmarked;
