// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyArn;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One call, as it is written to the trail. Holds no plaintext, ciphertext, key material or secret.
 *
 * @param eventName AWS's operation name, as {@code Decrypt}
 * @param readOnly whether nothing in the store changes
 * @param caller null for the KMS itself (service events) and for failed authentication
 * @param key the key that the call is about; null where it is about none, or none was found
 * @param keyMaterialId 64 hexadecimal digits; null unless the call is cryptographic
 * @param context the encryption context
 * @param parameters further request parameters by CloudTrail's names, as {@code keySpec}
 * @param decidedBy the statement or grant that allowed or refused; null where there was none
 * @param errorCode null for a call that succeeded
 * @param errorMessage null for a call that succeeded
 * @param requestId what a refused caller was told, by which the record is found again; null where
 *     it was told none
 */
public record AuditEvent(
    String eventName,
    boolean readOnly,
    @Nullable Caller caller,
    @Nullable KeyArn key,
    @Nullable String keyMaterialId,
    EncryptionContext context,
    Map<String, String> parameters,
    @Nullable String decidedBy,
    @Nullable String errorCode,
    @Nullable String errorMessage,
    @Nullable UUID requestId) {

  public AuditEvent {
    parameters = Map.copyOf(parameters);
  }
}
