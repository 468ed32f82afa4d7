// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.metrics;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** A call to the HSM, or to what stands in for one, in a flight recording. */
@Name("dev.strongroom.HsmCall")
@Label("HSM Call")
@Category("Strongroom")
@Description("A call to the HSM, with the time that it waited for a session")
@Threshold("1 ms")
@StackTrace(false)
final class HsmCallEvent extends Event implements FlightRecorderEvents.HsmTrace {

  @Label("Call")
  @Nullable String call;

  @Label("Error")
  @Description("What the HSM answered; empty if it went well")
  @Nullable String error;

  @Override
  public void finish(String call, @Nullable String error) {
    end();
    if (shouldCommit()) {
      this.call = call;
      this.error = error;
      commit();
    }
  }
}
