// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

/** Whether imported key material goes by itself, by AWS's names. */
public enum ExpirationModel {
  KEY_MATERIAL_EXPIRES,
  KEY_MATERIAL_DOES_NOT_EXPIRE
}
