// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import java.util.Base64;

/**
 * That a backup was restored and opened, signed with the key of the audit trail's checkpoints.
 *
 * @param json one line in JSON; its bytes in UTF-8 are signed
 * @param signature ECDSA with SHA-256 in DER, in base64
 */
public record DrillReport(String json, String signature) {

  /** Returns the signature in DER. */
  public byte[] signatureBytes() {
    return Base64.getDecoder().decode(signature);
  }
}
