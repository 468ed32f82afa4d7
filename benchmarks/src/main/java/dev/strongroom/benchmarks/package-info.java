// SPDX-License-Identifier: Apache-2.0
/**
 * What things cost, measured with JMH: one class for each family of operations.
 *
 * <p>{@code mvn -pl benchmarks -am package -DskipTests}, then {@code java -jar
 * benchmarks/target/benchmarks.jar Envelope}; {@code -h} lists JMH's own options.
 */
@NullMarked
package dev.strongroom.benchmarks;

import org.jspecify.annotations.NullMarked;
