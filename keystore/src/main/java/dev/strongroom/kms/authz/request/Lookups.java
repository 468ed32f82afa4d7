// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.request;

import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.grant.Grant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the values of condition keys that take more than a call. */
final class Lookups {
  /** What a name has for its value that several pairs have. */
  static final Object AMBIGUOUS = new Object();

  private Lookups() {}

  /**
   * Returns the value of a name that policies may write in any case. {@link #AMBIGUOUS} where
   * several differ in case only: whoever may add one must not choose which of them policies see.
   */
  static @Nullable Object named(Map<String, String> pairs, String name) {
    String found = null;
    if (!pairs.isEmpty()) {
      for (Map.Entry<String, String> pair : pairs.entrySet()) {
        if (pair.getKey().equalsIgnoreCase(name)) {
          if (found != null) {
            return AMBIGUOUS;
          }
          found = pair.getValue();
        }
      }
    }
    return found;
  }

  static @Nullable List<String> names(Map<String, String> pairs) {
    return pairs.isEmpty() ? null : List.copyOf(pairs.keySet());
  }

  static @Nullable List<String> aliases(AccessRequest request) {
    KeyFacts key = request.key();
    return key == null || key.aliases().isEmpty() ? null : key.aliases();
  }

  static @Nullable Object resourceTag(AccessRequest request, String name) {
    KeyFacts key = request.key();
    return named(key == null ? request.details().resourceTags() : key.tags(), name);
  }

  static @Nullable Object spec(AccessRequest request) {
    KeyFacts key = request.key();
    return key == null ? stated(request, ConditionKey.KEY_SPEC) : key.spec().name();
  }

  static @Nullable Object usage(AccessRequest request) {
    KeyFacts key = request.key();
    return key == null ? stated(request, ConditionKey.KEY_USAGE) : key.usage().name();
  }

  static @Nullable Object origin(AccessRequest request) {
    KeyFacts key = request.key();
    return key == null ? stated(request, ConditionKey.KEY_ORIGIN) : key.origin().name();
  }

  /** A key of this KMS is in one region; a request for a new one may ask for more. */
  static @Nullable Object multiRegion(AccessRequest request) {
    return request.key() == null ? stated(request, ConditionKey.MULTI_REGION) : "false";
  }

  static @Nullable Object account(AccessRequest request) {
    KeyFacts key = request.key();
    return key == null ? stated(request, ConditionKey.RESOURCE_ACCOUNT) : key.account();
  }

  private static @Nullable Object stated(AccessRequest request, ConditionKey key) {
    return request.details().parameters().get(key);
  }

  static @Nullable String region(AccessRequest request) {
    KeyFacts key = request.key();
    String region = request.details().region();
    return region == null && key != null ? key.region() : region;
  }

  static @Nullable List<String> tagKeys(AccessRequest request) {
    if (stated(request, ConditionKey.TAG_KEYS) instanceof List<?> names && !names.isEmpty()) {
      return names.stream().map(String::valueOf).toList();
    }
    return names(request.details().tags());
  }

  static String isForAService(AccessRequest request) {
    return String.valueOf(request.details().via() != null);
  }

  static @Nullable List<String> calledVia(AccessRequest request) {
    String via = request.details().via();
    return via == null ? null : List.of(via);
  }

  static @Nullable String userName(Principal principal) {
    return principal.kind() == Principal.Kind.USER ? principal.name() : null;
  }

  static String type(Principal principal) {
    return switch (principal.kind()) {
      case ROOT -> "Account";
      case USER -> "User";
      case ROLE_SESSION -> "AssumedRole";
    };
  }

  static @Nullable Object tokenIssueTime(AccessRequest request) {
    return request.principal().attributes().get(ConditionKey.TOKEN_ISSUE_TIME);
  }

  static @Nullable Object multiFactorAuthPresent(AccessRequest request) {
    return request.principal().attributes().get(ConditionKey.MULTI_FACTOR_AUTH_PRESENT);
  }

  static @Nullable Object sourceIdentity(AccessRequest request) {
    return request.principal().attributes().get(ConditionKey.SOURCE_IDENTITY);
  }

  private static @Nullable Grant newGrant(AccessRequest request) {
    return request.operation() == Operation.CREATE_GRANT ? request.details().grant() : null;
  }

  static @Nullable String constraintType(AccessRequest request) {
    Grant grant = newGrant(request);
    return grant == null || grant.constraint().typeName().isEmpty()
        ? null
        : grant.constraint().typeName();
  }

  static @Nullable List<String> operations(AccessRequest request) {
    Grant grant = newGrant(request);
    return grant == null ? null : grant.operations().stream().map(Operation::apiName).toList();
  }

  static @Nullable String grantee(AccessRequest request) {
    Grant grant = newGrant(request);
    return grant == null ? null : grant.grantee();
  }

  static @Nullable String retiring(AccessRequest request) {
    Grant grant = newGrant(request);
    return grant == null ? null : grant.retiring().orElse(null);
  }
}
