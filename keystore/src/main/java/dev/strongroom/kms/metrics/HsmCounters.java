// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.metrics;

import dev.strongroom.hsm.HsmException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A counter for each kind of call to the HSM. Thread-safe. */
public final class HsmCounters {
  private final Map<HsmCall, CallCounter> counters = new EnumMap<>(HsmCall.class);

  HsmCounters() {
    for (HsmCall call : HsmCall.values()) {
      counters.put(call, CallCounter.measuringAll());
    }
  }

  <T> T count(HsmCall kind, Supplier<T> call) {
    CallCounter counter = Objects.requireNonNull(counters.get(kind));
    FlightRecorderEvents.HsmTrace trace = FlightRecorderEvents.hsmCall();
    String error = null;
    long start = System.nanoTime();
    counter.called();
    try {
      return call.get();
    } catch (HsmException e) {
      error = e.getClass().getSimpleName();
      countError(counter, e);
      throw e;
    } finally {
      counter.ended(start);
      finish(trace, kind, error);
    }
  }

  private static void countError(CallCounter counter, HsmException e) {
    if (e instanceof HsmException.Tampered
        || e instanceof HsmException.Unsupported
        || e instanceof HsmException.AlreadyExists) {
      counter.refused();
    } else {
      counter.failed();
    }
  }

  private static void finish(
      FlightRecorderEvents.@Nullable HsmTrace trace, HsmCall kind, @Nullable String error) {
    if (trace != null) {
      trace.finish(kind.label(), error);
    }
  }

  /** Returns what was counted, by the kinds of calls that there were. */
  public Map<String, CallMetrics> metrics() {
    Map<String, CallMetrics> metrics = new TreeMap<>();
    counters.forEach((kind, counter) -> metrics.put(kind.label(), counter.metrics()));
    metrics.values().removeIf(counted -> counted.getCalls() == 0);
    return metrics;
  }
}
