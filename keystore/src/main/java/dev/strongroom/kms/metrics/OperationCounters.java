// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.metrics;

import dev.strongroom.kms.Operation;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** A counter for each operation. Thread-safe. */
public final class OperationCounters {
  private final Map<Operation, CallCounter> counters = new EnumMap<>(Operation.class);

  OperationCounters() {
    for (Operation operation : Operation.values()) {
      counters.put(operation, CallCounter.measuringSome());
    }
  }

  public CallCounter of(Operation operation) {
    return Objects.requireNonNull(counters.get(operation));
  }

  /** Returns what was counted, by the names of the operations that were called. */
  public Map<String, CallMetrics> metrics() {
    Map<String, CallMetrics> metrics = new TreeMap<>();
    counters.forEach((operation, counter) -> metrics.put(operation.apiName(), counter.metrics()));
    metrics.values().removeIf(counted -> counted.getCalls() == 0);
    return metrics;
  }
}
