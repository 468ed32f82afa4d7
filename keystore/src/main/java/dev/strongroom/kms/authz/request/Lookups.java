// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.request;

import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.grant.Grant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the values of condition keys in a request. */
final class Lookups {
  /** What a name has for its value that several pairs have. */
  static final Object AMBIGUOUS = new Object();

  private Lookups() {}

  /**
   * Returns the value of a key, a text or a list of texts; null where the request has none.
   *
   * <p>A switch: a lambda for each key would be 25 ms of the start of every process.
   *
   * @param suffix what follows the name of a family
   */
  // spotless:off
  static @Nullable Object value(ConditionKey key, AccessRequest request, String suffix) {
    return switch (key) {
      case CALLER_ACCOUNT, PRINCIPAL_ACCOUNT -> request.principal().account();
      case VIA_SERVICE, CALLED_VIA_FIRST, CALLED_VIA_LAST -> request.details().via();
      case ENCRYPTION_CONTEXT -> named(request.context().pairs(), suffix);
      case ENCRYPTION_CONTEXT_KEYS -> names(request.context().pairs());
      case REQUEST_ALIAS -> request.details().alias();
      case RESOURCE_ALIASES -> aliases(request);
      case KEY_SPEC, CUSTOMER_MASTER_KEY_SPEC -> spec(request);
      case KEY_USAGE, CUSTOMER_MASTER_KEY_USAGE -> usage(request);
      case KEY_ORIGIN -> origin(request);
      case MULTI_REGION -> multiRegion(request);
      case MULTI_REGION_KEY_TYPE -> multiRegionType(request);
      case GRANT_CONSTRAINT_TYPE -> constraintType(request);
      case GRANT_OPERATIONS -> operations(request);
      case GRANTEE_PRINCIPAL -> grantee(request);
      case RETIRING_PRINCIPAL -> retiring(request);
      case GRANT_IS_FOR_AWS_RESOURCE, VIA_AWS_SERVICE -> isForAService(request);
      case CURRENT_TIME, EPOCH_TIME -> request.time();
      case TOKEN_ISSUE_TIME -> tokenIssueTime(request);
      case MULTI_FACTOR_AUTH_PRESENT -> multiFactorAuthPresent(request);
      case SOURCE_IDENTITY -> sourceIdentity(request);
      case PRINCIPAL_ARN -> request.principal().principalArn();
      case PRINCIPAL_TYPE -> type(request.principal());
      case PRINCIPAL_TAG -> named(request.principal().tags(), suffix);
      case PRINCIPAL_IS_AWS_SERVICE -> "false";
      case USER_ID -> request.principal().userId();
      case USER_NAME -> userName(request.principal());
      case REQUESTED_REGION -> region(request);
      case REQUEST_TAG -> named(request.details().tags(), suffix);
      case TAG_KEYS -> tagKeys(request);
      case RESOURCE_TAG -> resourceTag(request, suffix);
      case RESOURCE_ACCOUNT -> account(request);
      case SECURE_TRANSPORT -> "true";
      case CALLED_VIA -> calledVia(request);
      default -> parameter(request, key);
    };
  }
  // spotless:on

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

  static @Nullable Object multiRegion(AccessRequest request) {
    KeyFacts key = request.key();
    return key == null
        ? stated(request, ConditionKey.MULTI_REGION)
        : String.valueOf(key.multiRegion().isPresent());
  }

  static @Nullable Object multiRegionType(AccessRequest request) {
    KeyFacts key = request.key();
    return key == null
        ? stated(request, ConditionKey.MULTI_REGION_KEY_TYPE)
        : key.multiRegion().map(Enum::name).orElse(null);
  }

  static @Nullable Object account(AccessRequest request) {
    KeyFacts key = request.key();
    return key == null ? stated(request, ConditionKey.RESOURCE_ACCOUNT) : key.account();
  }

  private static @Nullable Object parameter(AccessRequest request, ConditionKey key) {
    Object stated = stated(request, key);
    return stated instanceof List<?> list && list.isEmpty() ? null : stated;
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
