// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

/** Which material of a key ImportKeyMaterial brings, by AWS's names. */
public enum ImportType {
  /** Material that the key never had. */
  NEW_KEY_MATERIAL,
  /** The same bytes as before, in the place of material that was deleted or has expired. */
  EXISTING_KEY_MATERIAL
}
