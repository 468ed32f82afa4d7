// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.request;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.grant.Grant;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One question: may this principal do this operation, on this key, with these parameters?
 *
 * <p>Immutable. Values of condition keys are looked up when a condition asks; the clock is read at
 * most once in a while and only where a condition or an expiry asks for the time, so that all of a
 * decision sees the same time.
 */
public final class AccessRequest {
  private final Principal principal;
  private final Operation operation;
  private final @Nullable KeyFacts key;
  private final String resource;
  private final RequestDetails details;
  private final Clock clock;
  private @Nullable Instant time;

  private AccessRequest(
      Principal principal,
      Operation operation,
      @Nullable KeyFacts key,
      String resource,
      RequestDetails details,
      Clock clock) {
    this.principal = principal;
    this.operation = operation;
    this.key = key;
    this.resource = resource;
    this.details = details;
    this.clock = clock;
  }

  /** A request about one key. */
  public static AccessRequest onKey(
      Principal principal, Operation operation, KeyFacts key, RequestDetails details, Clock clock) {
    return new AccessRequest(principal, operation, key, key.arn(), details, clock);
  }

  /**
   * A request about no key.
   *
   * @param resource the ARN of what it is about; {@code "*"} where it is about nothing in
   *     particular
   */
  public static AccessRequest inAccount(
      Principal principal,
      Operation operation,
      String resource,
      RequestDetails details,
      Clock clock) {
    return new AccessRequest(principal, operation, null, resource, details, clock);
  }

  /** Returns the same request made by somebody else. */
  public AccessRequest by(Principal other) {
    return new AccessRequest(other, operation, key, resource, details, clock);
  }

  public Principal principal() {
    return principal;
  }

  public Operation operation() {
    return operation;
  }

  /** Returns the key that it is about; null where it is about none. */
  public @Nullable KeyFacts key() {
    return key;
  }

  /** Returns the ARN of what it is about, or {@code "*"}. */
  public String resource() {
    return resource;
  }

  public RequestDetails details() {
    return details;
  }

  /** Returns the encryption context; that of CreateGrant is what the grant will ask for. */
  public EncryptionContext context() {
    Grant grant = operation == Operation.CREATE_GRANT ? details.grant() : null;
    return grant == null ? details.context() : grant.constraint().context();
  }

  /** Returns when it is made: the same at every call. */
  public Instant time() {
    Instant known = time;
    if (known == null) {
      // Two threads may read the clock; each sees one time or the other, which is as good.
      known = clock.instant();
      time = known;
    }
    return known;
  }

  @Override
  public String toString() {
    return principal + " " + operation.action() + " " + resource;
  }
}
