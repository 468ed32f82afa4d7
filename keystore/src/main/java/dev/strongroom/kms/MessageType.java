// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

/** What a caller of Sign or Verify hands over. */
public enum MessageType {
  /** The message, up to 4096 bytes; the KMS hashes it. */
  RAW,
  /** The hash of the message, as long as the algorithm's hash. */
  DIGEST,
  /** The 64 bytes μ of FIPS 204 §6.2, which the caller made of message and public key: ML-DSA. */
  EXTERNAL_MU
}
