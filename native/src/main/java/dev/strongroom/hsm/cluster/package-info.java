// SPDX-License-Identifier: Apache-2.0
/**
 * Several HSMs that hold the same domain keys, as one.
 *
 * <p>Start at {@link dev.strongroom.hsm.cluster.ClusterHsm}. Each version of a domain key has
 * copies in members ({@code ClusterDomainKey}), each opened backing key has so too ({@code
 * ClusterBackingKey}); a call runs at one of them, and at the next where that fails ({@code
 * Copies}). Nothing here knows PKCS#11.
 *
 * <p>May import {@code hsm} and {@code hsm.transport}.
 */
@NullMarked
package dev.strongroom.hsm.cluster;

import org.jspecify.annotations.NullMarked;
