// SPDX-License-Identifier: Apache-2.0
/**
 * The provider for Kafka's setting {@code security.providers}.
 *
 * <p>Start at {@link dev.strongroom.adapter.kafka.StrongroomProviderCreator}. May import {@code
 * jca}. Kafka's clients are needed to use it, and are not among our dependencies.
 */
@NullMarked
package dev.strongroom.adapter.kafka;

import org.jspecify.annotations.NullMarked;
