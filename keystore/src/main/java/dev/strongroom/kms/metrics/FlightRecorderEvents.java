// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.metrics;

import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * The way to the JDK's flight recorder, where there is one and it was started.
 *
 * <p>Before that no class of an event is loaded: the first one makes the JDK load the half of JFR,
 * some 200 ms. Afterwards an event that no recording wants is an object that the compiler leaves
 * out.
 */
public final class FlightRecorderEvents {
  private static final boolean IS_THERE = JdkModules.canUse("jdk.jfr");

  private FlightRecorderEvents() {}

  /** An operation that is being recorded. */
  public interface OperationTrace {

    /**
     * The call ended.
     *
     * @param operation its name
     * @param key the key's ARN; null where it is about none, or about one that is not told
     * @param error the error code; null if it went well
     */
    void finish(String operation, @Nullable String key, String account, @Nullable String error);
  }

  /** A call to the HSM that is being recorded. */
  interface HsmTrace {
    void finish(String call, @Nullable String error);
  }

  /** Begins to record an operation; null where no recording wants to know. */
  public static @Nullable OperationTrace operation() {
    return IS_THERE && FlightRecorder.isInitialized() ? Started.operation() : null;
  }

  static @Nullable HsmTrace hsmCall() {
    return IS_THERE && FlightRecorder.isInitialized() ? Started.hsmCall() : null;
  }

  /** A class of its own, so that events are loaded only when the recorder was started. */
  private static final class Started {

    static @Nullable OperationTrace operation() {
      OperationEvent event = new OperationEvent();
      if (!event.isEnabled()) {
        return null;
      }
      event.begin();
      return event;
    }

    static @Nullable HsmTrace hsmCall() {
      HsmCallEvent event = new HsmCallEvent();
      if (!event.isEnabled()) {
        return null;
      }
      event.begin();
      return event;
    }
  }
}
