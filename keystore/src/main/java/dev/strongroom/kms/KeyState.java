// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

/** Where a KMS key is in its life. */
public enum KeyState {
  ENABLED("Enabled"),
  DISABLED("Disabled"),
  /** Its current key material is to be imported, for the first time or again. */
  PENDING_IMPORT("PendingImport"),
  PENDING_DELETION("PendingDeletion"),
  /** Its custom key store is not connected. What a key shows, never what is stored of it. */
  UNAVAILABLE("Unavailable");

  private final String apiName;

  KeyState(String apiName) {
    this.apiName = apiName;
  }

  /** Returns AWS's spelling, as DescribeKey prints it. */
  public String apiName() {
    return apiName;
  }
}
