// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

/** What had a key rotated. */
public enum RotationType {
  /** Its schedule. */
  AUTOMATIC,
  /** Somebody who called RotateKeyOnDemand. */
  ON_DEMAND
}
