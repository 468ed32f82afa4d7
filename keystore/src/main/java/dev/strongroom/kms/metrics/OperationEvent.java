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

/** An operation, in a flight recording. The threshold is there for those who record all day. */
@Name("dev.strongroom.Operation")
@Label("KMS Operation")
@Category("Strongroom")
@Description("A call of a KMS operation, allowed or refused")
@Threshold("1 ms")
@StackTrace(false)
final class OperationEvent extends Event implements FlightRecorderEvents.OperationTrace {

  @Label("Operation")
  @Nullable String operation;

  @Label("Key")
  @Description("ARN of the KMS key; empty where the call is about none, or must not tell")
  @Nullable String key;

  @Label("Account")
  @Description("Account of the caller")
  @Nullable String account;

  @Label("Error Code")
  @Description("Why it was refused or failed; empty if it went well")
  @Nullable String errorCode;

  @Override
  public void finish(
      String operation, @Nullable String key, String account, @Nullable String errorCode) {
    end();
    if (shouldCommit()) {
      this.operation = operation;
      this.key = key;
      this.account = account;
      this.errorCode = errorCode;
      commit();
    }
  }
}
