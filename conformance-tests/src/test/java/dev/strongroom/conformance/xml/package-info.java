// SPDX-License-Identifier: Apache-2.0
/** XML signatures and encryption with KMS keys, by the JDK and by Apache Santuario. */
@NullMarked
package dev.strongroom.conformance.xml;

import org.jspecify.annotations.NullMarked;
