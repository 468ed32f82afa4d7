// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

/** Whether imported key material is there, by AWS's names. */
public enum ImportState {
  IMPORTED,
  /** It was deleted or has expired; the same bytes can be imported again. */
  PENDING_IMPORT
}
