// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

/** Where a KMS key is in its life. */
public enum KeyState {
  ENABLED("Enabled"),
  DISABLED("Disabled"),
  PENDING_DELETION("PendingDeletion");

  private final String apiName;

  KeyState(String apiName) {
    this.apiName = apiName;
  }

  /** Returns AWS's spelling, as DescribeKey prints it. */
  public String apiName() {
    return apiName;
  }
}
