// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

/** A certificate in DER (RFC 5280 §4.1). Not a record, because it holds an array. */
public final class DerCertificate {
  private final byte[] bytes;

  /** Copies {@code bytes}. */
  public DerCertificate(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  public byte[] toBytes() {
    return bytes.clone();
  }
}
