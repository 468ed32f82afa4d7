// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

/** The families of key material. */
public enum KeyType {
  SYMMETRIC,
  RSA,
  EC,
  EDWARDS,
  MONTGOMERY,
  ML_DSA,
  ML_KEM,
  HMAC
}
