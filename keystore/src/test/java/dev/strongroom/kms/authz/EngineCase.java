// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.authz.grant.GrantConstraint;
import dev.strongroom.kms.authz.grant.GrantSet;
import dev.strongroom.kms.authz.policy.Policy;
import dev.strongroom.kms.authz.policy.PolicyKind;
import dev.strongroom.kms.authz.request.AccessRequest;
import dev.strongroom.kms.authz.request.ConditionName;
import dev.strongroom.kms.authz.request.ConditionValues;
import dev.strongroom.kms.authz.request.KeyFacts;
import dev.strongroom.kms.authz.request.Principal;
import dev.strongroom.kms.authz.request.RequestDetails;
import dev.strongroom.kms.json.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A case as the product sees it: texts are read and compiled, names become values. */
final class EngineCase {
  private final Map<String, Object> json;
  private final Identity caller;
  private final AccessRequest request;
  private final Authorizer authorizer;

  EngineCase(Map<String, Object> json) {
    this.json = json;
    this.caller = identity(new Part(json).part("caller"));
    this.request = request();
    this.authorizer = authorizer();
  }

  Decision decide() {
    return isInAccount()
        ? Authorizer.decideInAccount(caller, request, Callers.ACCOUNT)
        : authorizer.decide(caller, request);
  }

  /** Decides by a cache that has seen the same request already. */
  Decision decideFromCache() {
    DecisionCache cache = new DecisionCache(authorizer);
    cache.decide(caller, request);
    return cache.decide(caller, request);
  }

  boolean isInAccount() {
    return request.operation().scope() == Operation.Scope.ACCOUNT
        && request.operation() != Operation.ASSUME_ROLE;
  }

  boolean isOfKeyAccount() {
    return caller.principal().account().equals(Callers.ACCOUNT);
  }

  Explanation explain() {
    return authorizer.explain(caller, request);
  }

  private Authorizer authorizer() {
    Part part = new Part(json);
    String policy = part.has("policy") ? Json.write(json.get("policy")) : "";
    if (part.text("operation", "").equals("AssumeRole")) {
      return Authorizer.ofRole(Policy.parse(PolicyKind.TRUST, "", policy), Callers.ACCOUNT);
    }
    KeyPolicy keyPolicy =
        policy.isEmpty() ? KeyPolicy.defaultFor(Callers.ACCOUNT) : KeyPolicy.parse(policy);
    List<Grant> grants = part.parts("grants").stream().map(EngineCase::grant).toList();
    return Authorizer.ofKey(keyPolicy, Callers.ACCOUNT, GrantSet.of(grants));
  }

  private static Identity identity(Part caller) {
    Principal principal = principal(caller);
    Identity identity =
        Identity.of(principal, policies(PolicyKind.MANAGED, caller.list("policies")));
    if (caller.has("boundary")) {
      identity =
          identity.boundedBy(
              policies(PolicyKind.MANAGED, List.of(caller.value("boundary"))).get(0));
    }
    return identity.inSession(policies(PolicyKind.SESSION, caller.list("sessionPolicies")));
  }

  private static Principal principal(Part caller) {
    String account = caller.text("account", Callers.ACCOUNT);
    String name = caller.text("name", "alice");
    String id = caller.text("id", "AIDAALICE0000001");
    Principal principal =
        switch (caller.text("kind", "user")) {
          case "root" -> Principal.root(account);
          case "user" -> Principal.user(account, name, id, caller.texts("tags"));
          default ->
              Principal.roleSession(
                  account, name, id, caller.text("session", "job"), caller.texts("tags"));
        };
    return principal.with(values(caller.map("attributes")));
  }

  private static List<Policy> policies(PolicyKind kind, List<?> documents) {
    return documents.stream().map(each -> Policy.parse(kind, "own", Json.write(each))).toList();
  }

  private static ConditionValues values(Map<String, Object> stated) {
    ConditionValues values = ConditionValues.NONE;
    for (Map.Entry<String, Object> entry : stated.entrySet()) {
      ConditionName name = Objects.requireNonNull(ConditionName.find(entry.getKey()));
      if (entry.getValue() instanceof List<?> several) {
        values = values.with(name.key(), several.stream().map(String::valueOf).toList());
      } else {
        values = values.with(name.key(), String.valueOf(entry.getValue()));
      }
    }
    return values;
  }

  private AccessRequest request() {
    Part part = new Part(json);
    Operation operation = operation(part.text("operation", "Decrypt"));
    Clock clock = Clock.fixed(Instant.parse(part.text("time", CaseFile.NOON)), ZoneOffset.UTC);
    if (operation.scope() == Operation.Scope.ACCOUNT) {
      return AccessRequest.inAccount(
          caller.principal(), operation, part.text("resource", "*"), details(part), clock);
    }
    return AccessRequest.onKey(
        caller.principal(), operation, key(part.part("key")), details(part), clock);
  }

  static Operation operation(String apiName) {
    return Arrays.stream(Operation.values())
        .filter(operation -> operation.apiName().equals(apiName))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no operation " + apiName));
  }

  private static KeyFacts key(Part key) {
    return new KeyFacts(
        KeyArn.parse(CaseFile.KEY_ARN),
        CmkSpec.valueOf(key.text("spec", "SYMMETRIC_DEFAULT")),
        KeyUsage.valueOf(key.text("usage", "ENCRYPT_DECRYPT")),
        KeyOrigin.AWS_KMS,
        key.list("aliases").stream().map(name -> new Alias(String.valueOf(name))).toList(),
        key.texts("tags"));
  }

  private static RequestDetails details(Part part) {
    RequestDetails.Builder details =
        RequestDetails.NONE
            .but()
            .context(EncryptionContext.of(part.texts("context")))
            .tags(part.texts("tags"))
            .parameters(values(part.map("parameters")))
            .exhausted(
                new HashSet<>(part.list("exhausted").stream().map(String::valueOf).toList()));
    if (part.has("alias")) {
      details.alias(part.text("alias", ""));
    }
    if (part.has("aliasArn")) {
      details.aliasArn(part.text("aliasArn", ""));
    }
    if (part.has("region")) {
      details.region(part.text("region", ""));
    }
    if (part.has("via")) {
      details.via(part.text("via", ""));
    }
    if (part.has("grant")) {
      details.grant(grant(part.part("grant")));
    }
    return details.build();
  }

  private static Grant grant(Part grant) {
    Set<Operation> operations = EnumSet.noneOf(Operation.class);
    grant.list("operations").forEach(name -> operations.add(operation(String.valueOf(name))));
    GrantConstraint constraint = GrantConstraint.NONE;
    if (grant.has("equals")) {
      constraint = GrantConstraint.equalTo(EncryptionContext.of(grant.texts("equals")));
    } else if (grant.has("subset")) {
      constraint = GrantConstraint.containing(EncryptionContext.of(grant.texts("subset")));
    }
    return new Grant(
        grant.text("id", "g1"),
        KeyId.parse(grant.text("key", CaseFile.KEY_ID)),
        grant.text("issuer", Callers.ACCOUNT),
        grant.text("grantee", ""),
        Optional.of(grant.text("retiring", "")).filter(text -> !text.isEmpty()),
        operations,
        constraint,
        "",
        Instant.EPOCH,
        Optional.of(grant.text("expiry", "")).filter(text -> !text.isEmpty()).map(Instant::parse),
        grant.has("uses") ? OptionalLong.of(3) : OptionalLong.empty());
  }

  /** A part of a case, with what is left out. */
  private record Part(Map<String, Object> json) {

    boolean has(String name) {
      return json.containsKey(name);
    }

    Object value(String name) {
      return Objects.requireNonNull(json.get(name), name);
    }

    String text(String name, String otherwise) {
      return String.valueOf(json.getOrDefault(name, otherwise));
    }

    List<?> list(String name) {
      return json.get(name) instanceof List<?> list ? list : List.of();
    }

    @SuppressWarnings("unchecked") // texts are the only names that JSON has
    Map<String, Object> map(String name) {
      return json.get(name) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    Part part(String name) {
      return new Part(map(name));
    }

    @SuppressWarnings("unchecked") // as above
    List<Part> parts(String name) {
      return list(name).stream().map(each -> new Part((Map<String, Object>) each)).toList();
    }

    Map<String, String> texts(String name) {
      Map<String, String> texts = new LinkedHashMap<>();
      map(name).forEach((key, value) -> texts.put(key, String.valueOf(value)));
      return texts;
    }
  }
}
