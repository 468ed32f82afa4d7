// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.approval;

import dev.strongroom.kms.SigningAlgorithm;
import java.time.Instant;
import java.util.Base64;

/**
 * One approver's signature on a request's {@link ApprovalRequest#statement}.
 *
 * @param signature in base64
 */
public record Approval(
    String principalArn, SigningAlgorithm algorithm, String signature, Instant date) {

  public byte[] signatureBytes() {
    return Base64.getDecoder().decode(signature);
  }
}
