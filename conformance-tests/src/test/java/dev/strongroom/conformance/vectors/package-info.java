// SPDX-License-Identifier: Apache-2.0
/** Published test vectors: we equal the standards. */
@NullMarked
package dev.strongroom.conformance.vectors;

import org.jspecify.annotations.NullMarked;
