// SPDX-License-Identifier: Apache-2.0
/**
 * The provider among other providers: whatever its position, our keys work through plain {@code
 * getInstance} and everybody else's go on working as without us.
 *
 * <p>Start at {@code ProviderPositionTest}. What a JVM decides once (its list of providers, the
 * signature schemes of TLS) is tried in JVMs of its own.
 */
@NullMarked
package dev.strongroom.conformance.jca;

import org.jspecify.annotations.NullMarked;
