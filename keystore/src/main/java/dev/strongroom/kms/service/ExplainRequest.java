// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.Operation;
import java.util.Map;
import java.util.Optional;

/**
 * A call that nobody has made, about which somebody wants to know whether it would be let through.
 *
 * @param callerArn who would call, as {@code arn:aws:iam::000000000000:user/alice}
 * @param key how the call would name the key; empty for operations that are about no key
 * @param resource the ARN of what it is about that is no key, as {@code
 *     arn:aws:iam::000000000000:user/bob}; empty where it is about nothing in particular
 * @param context the encryption context
 * @param parameters what else policies may ask about: request parameters by CloudTrail's names, as
 *     {@code signingAlgorithm} or {@code aliasName}, and values of condition keys by theirs, as
 *     {@code aws:SourceIp}, {@code aws:RequestTag/team} or, with commas, {@code aws:TagKeys}
 */
public record ExplainRequest(
    String callerArn,
    Operation operation,
    Optional<KeyRef> key,
    Optional<String> resource,
    EncryptionContext context,
    Map<String, String> parameters) {

  public ExplainRequest {
    parameters = Map.copyOf(parameters);
  }

  /** A request with a key and without a context. */
  public static ExplainRequest of(String callerArn, Operation operation, KeyRef key) {
    return new ExplainRequest(
        callerArn,
        operation,
        Optional.of(key),
        Optional.empty(),
        EncryptionContext.EMPTY,
        Map.of());
  }

  /** A request for an operation that is about no key. */
  public static ExplainRequest inAccount(String callerArn, Operation operation) {
    return new ExplainRequest(
        callerArn,
        operation,
        Optional.empty(),
        Optional.empty(),
        EncryptionContext.EMPTY,
        Map.of());
  }

  /** Returns this request about something that has an ARN and is no key. */
  public ExplainRequest about(String arn) {
    return new ExplainRequest(callerArn, operation, key, Optional.of(arn), context, parameters);
  }

  /** Returns this request with an encryption context. */
  public ExplainRequest with(EncryptionContext other) {
    return new ExplainRequest(callerArn, operation, key, resource, other, parameters);
  }

  /** Returns this request with other parameters. */
  public ExplainRequest with(Map<String, String> others) {
    return new ExplainRequest(callerArn, operation, key, resource, context, others);
  }
}
