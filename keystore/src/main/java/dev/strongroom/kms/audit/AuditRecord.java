// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A record read back from the trail.
 *
 * @param stream the journal that holds it, a UUID
 * @param sequence its place in that journal, from 0
 * @param eventTime when it was written, by the clock of the process
 * @param callerArn empty for service events and failed authentication
 * @param accessKeyId empty where {@code callerArn} is
 */
public record AuditRecord(
    String stream,
    long sequence,
    Instant eventTime,
    String eventName,
    boolean readOnly,
    Optional<String> callerArn,
    Optional<String> accessKeyId,
    Optional<String> keyArn,
    Optional<String> keyMaterialId,
    Map<String, String> encryptionContext,
    Map<String, String> parameters,
    Optional<String> decidedBy,
    Optional<String> errorCode,
    Optional<String> errorMessage) {

  public AuditRecord {
    encryptionContext = Map.copyOf(encryptionContext);
    parameters = Map.copyOf(parameters);
  }
}
