// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditEvent;
import dev.strongroom.kms.audit.AuditTrail;
import dev.strongroom.kms.iam.Identities;
import java.util.Map;

/** Authenticates access keys, and records who could not. */
final class IdentityAdministration {
  private static final int MAX_ID = 128;

  private final Identities identities;
  private final AuditTrail trail;

  IdentityAdministration(Identities identities, AuditTrail trail) {
    this.identities = identities;
    this.trail = trail;
  }

  Caller authenticate(String accessKeyId, char[] secret, String sessionToken) {
    trail.expectRecord(); // of the caller's first call, or of the failure
    try {
      return identities.authenticate(accessKeyId, secret, sessionToken);
    } catch (KmsException.UnrecognizedClient | KmsException.ExpiredToken e) {
      recordFailure(accessKeyId, e);
      throw e;
    }
  }

  private void recordFailure(String accessKeyId, KmsException e) {
    String shown = accessKeyId.length() <= MAX_ID ? accessKeyId : accessKeyId.substring(0, MAX_ID);
    trail.record(
        new AuditEvent(
            "Authenticate",
            true,
            null,
            null,
            null,
            EncryptionContext.EMPTY,
            Map.of("accessKeyId", shown),
            null,
            e.errorCode(),
            e.getMessage(),
            null));
  }
}
