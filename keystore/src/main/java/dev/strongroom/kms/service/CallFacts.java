// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.AliasArn;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.authz.request.AccessRequest;
import dev.strongroom.kms.authz.request.ConditionKey;
import dev.strongroom.kms.authz.request.ConditionValues;
import dev.strongroom.kms.authz.request.KeyFacts;
import dev.strongroom.kms.authz.request.Principal;
import dev.strongroom.kms.authz.request.RequestDetails;
import dev.strongroom.kms.iam.CallerPolicies;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes of a call the question that authorization answers. */
final class CallFacts {
  private final CallerPolicies identities;
  private final String region;
  private final Clock clock;
  private final UnusedDays unused;

  CallFacts(CallerPolicies identities, String region, Clock clock, UnusedDays unused) {
    this.identities = identities;
    this.region = region;
    this.clock = clock;
    this.unused = unused;
  }

  /** Returns what makes the questions of another time. */
  CallFacts at(Clock other) {
    return new CallFacts(identities, region, other, unused);
  }

  /** Returns the question about a call on one key, which the call names by {@code ref}. */
  AccessRequest onKey(Principal principal, Call call, KeyRef ref, KeyFacts key) {
    return onKey(principal, call, ref, key, GrantFacts.NONE);
  }

  /**
   * What only some questions have.
   *
   * @param grant what CreateGrant would make or RetireGrant would end; null for other calls
   * @param exhausted the ids of grants whose uses are up
   */
  record GrantFacts(@Nullable Grant grant, Set<String> exhausted) {
    static final GrantFacts NONE = new GrantFacts(null, Set.of());
  }

  AccessRequest onKey(Principal principal, Call call, KeyRef ref, KeyFacts key, GrantFacts grants) {
    RequestDetails.Builder details =
        details(call, asked -> value(call, asked, key)).exhausted(grants.exhausted());
    if (grants.grant() != null) {
      details.grant(grants.grant());
    }
    alias(ref).map(Alias::name).ifPresent(details::alias);
    String about = call.parameters().get(Call.ALIAS_NAME);
    if (about != null) {
      details.aliasArn(
          new AliasArn(new Place(region, principal.account()), new Alias(about)).text());
    }
    return AccessRequest.onKey(principal, call.operation(), key, details.build(), clock);
  }

  /** Returns the question about a call on no key. */
  AccessRequest inAccount(Principal principal, Call call) {
    RequestDetails details =
        details(call, asked -> value(call, asked))
            .region(region)
            .resourceTags(() -> identities.tagsOf(call.resource()))
            .build();
    return AccessRequest.inAccount(principal, call.operation(), call.resource(), details, clock);
  }

  private static RequestDetails.Builder details(Call call, ConditionValues.Source values) {
    RequestDetails.Builder details =
        RequestDetails.NONE.but().context(call.context()).parameters(ConditionValues.from(values));
    return switch (call.operation()) {
      case CREATE_KEY, TAG_RESOURCE, CREATE_USER, TAG_USER, CREATE_ROLE, TAG_ROLE ->
          details.tags(RequestTags.shownBy(call.parameters()));
      default -> details;
    };
  }

  private static Optional<Alias> alias(KeyRef ref) {
    if (ref instanceof AliasArn arn) {
      return Optional.of(arn.alias());
    }
    return ref instanceof Alias alias ? Optional.of(alias) : Optional.empty();
  }

  private @Nullable Object value(Call call, ConditionKey asked, KeyFacts key) {
    Operation operation = call.operation();
    boolean isUsage =
        asked == ConditionKey.TRAILING_DAYS_WITHOUT_USAGE
            && (operation == Operation.SCHEDULE_KEY_DELETION || operation == Operation.DISABLE_KEY);
    return isUsage && !call.conditions().containsKey(asked)
        ? String.valueOf(unused.of(KeyArn.parse(key.arn()), clock.instant()))
        : value(call, asked);
  }

  private static @Nullable Object value(Call call, ConditionKey key) {
    String stated = call.conditions().get(key);
    return stated == null ? parameter(call, key) : stated;
  }

  private static @Nullable Object parameter(Call call, ConditionKey key) {
    return switch (key) {
      case ENCRYPTION_ALGORITHM -> encryptionAlgorithm(call);
      case SIGNING_ALGORITHM -> call.parameters().get("signingAlgorithm");
      case MESSAGE_TYPE -> call.parameters().get("messageType");
      case KEY_AGREEMENT_ALGORITHM -> call.parameters().get("keyAgreementAlgorithm");
      case MAC_ALGORITHM -> call.parameters().get("macAlgorithm");
      case DATA_KEY_PAIR_SPEC -> call.parameters().get("keyPairSpec");
      case KEY_SPEC, CUSTOMER_MASTER_KEY_SPEC -> call.parameters().get("keySpec");
      case KEY_USAGE, CUSTOMER_MASTER_KEY_USAGE -> call.parameters().get("keyUsage");
      case KEY_ORIGIN -> call.parameters().get("origin");
      case ROTATION_PERIOD_IN_DAYS -> call.parameters().get(EnableKeyRotationRequest.PERIOD);
      case MULTI_REGION -> call.parameters().get(KeyCreation.MULTI_REGION);
      case MULTI_REGION_KEY_TYPE -> call.parameters().get(KeyCreation.MULTI_REGION_TYPE);
      case PRIMARY_REGION -> call.parameters().get(KeyReplication.PRIMARY_REGION);
      case REPLICA_REGION -> call.parameters().get(KeyReplication.REPLICA_REGION);
      case EXPIRATION_MODEL -> call.parameters().get(KeyImports.EXPIRATION_MODEL);
      case VALID_TO -> call.parameters().get(KeyImports.VALID_TO);
      case WRAPPING_ALGORITHM -> call.parameters().get(KeyImports.WRAPPING_ALGORITHM);
      case WRAPPING_KEY_SPEC -> call.parameters().get(KeyImports.WRAPPING_KEY_SPEC);
      case PENDING_WINDOW_IN_DAYS -> call.parameters().get(KeyDeletions.PENDING_WINDOW);
      case TAG_KEYS -> RequestTags.keysShownBy(call.parameters());
      default -> null;
    };
  }

  private static @Nullable String encryptionAlgorithm(Call call) {
    return switch (call.operation()) {
      case RE_ENCRYPT_FROM -> call.parameters().get("sourceEncryptionAlgorithm");
      case RE_ENCRYPT_TO -> call.parameters().get("destinationEncryptionAlgorithm");
      // Data keys are encrypted under symmetric keys only, which have one algorithm.
      case GENERATE_DATA_KEY,
          GENERATE_DATA_KEY_WITHOUT_PLAINTEXT,
          GENERATE_DATA_KEY_PAIR,
          GENERATE_DATA_KEY_PAIR_WITHOUT_PLAINTEXT ->
          EncryptionAlgorithm.SYMMETRIC_DEFAULT.name();
      default -> call.parameters().get("encryptionAlgorithm");
    };
  }
}
