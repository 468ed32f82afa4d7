// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.expectations;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.AliasArn;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.authz.request.AccessRequest;
import dev.strongroom.kms.authz.request.ConditionName;
import dev.strongroom.kms.authz.request.ConditionValues;
import dev.strongroom.kms.authz.request.RequestDetails;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is expected of the calls of one caller, and what such a call is like. Immutable. */
public final class Expectation {
  private final PolicyExpectations policy;
  private final PolicyCaller caller;
  private final EncryptionContext context;
  private final ConditionValues values;
  private final Map<String, String> tags;
  private final Optional<Alias> alias;
  private final Clock clock;

  Expectation(PolicyExpectations policy, PolicyCaller caller) {
    this(
        policy,
        caller,
        EncryptionContext.EMPTY,
        ConditionValues.NONE,
        Map.of(),
        Optional.empty(),
        Clock.systemUTC());
  }

  private Expectation(
      PolicyExpectations policy,
      PolicyCaller caller,
      EncryptionContext context,
      ConditionValues values,
      Map<String, String> tags,
      Optional<Alias> alias,
      Clock clock) {
    this.policy = policy;
    this.caller = caller;
    this.context = context;
    this.values = values;
    this.tags = Map.copyOf(tags);
    this.alias = alias;
    this.clock = clock;
  }

  /**
   * Expects it of calls with an encryption context.
   *
   * @throws IllegalArgumentException if a name is empty, or it is longer than 8192 bytes
   */
  public Expectation with(Map<String, String> encryptionContext) {
    EncryptionContext other = EncryptionContext.of(encryptionContext);
    return new Expectation(policy, caller, other, values, tags, alias, clock);
  }

  /**
   * Expects it of calls that have a value for a condition key.
   *
   * @param name a parameter of the request as policies name it, {@code kms:SigningAlgorithm} or
   *     {@code aws:SourceIp}
   * @throws IllegalArgumentException if there is no such key, or what it stands for is set
   *     otherwise
   */
  public Expectation with(String name, String value) {
    ConditionName found = ConditionName.find(name);
    if (found == null || found.key().isFamily()) {
      throw new IllegalArgumentException(
          "\""
              + name
              + "\" is no condition key with one value. Encryption contexts, tags and aliases have"
              + " methods of their own.");
    }
    ConditionValues more =
        found.key().hasSeveralValues()
            ? values.with(found.key(), List.of(value))
            : values.with(found.key(), value);
    return new Expectation(policy, caller, context, more, tags, alias, clock);
  }

  /**
   * Expects it of calls that put these tags on the key: {@code aws:RequestTag/…} and {@code
   * aws:TagKeys} ask about them.
   */
  public Expectation tagging(Map<String, String> requestTags) {
    return new Expectation(policy, caller, context, values, requestTags, alias, clock);
  }

  /**
   * Expects it of calls that name the key by that alias; operations on aliases are about it.
   *
   * @param name {@code alias/…}
   */
  public Expectation through(String name) {
    Optional<Alias> other = Optional.of(new Alias(name));
    return new Expectation(policy, caller, context, values, tags, other, clock);
  }

  /** Expects it of calls at that time; without this, of calls now. */
  public Expectation at(Instant time) {
    Clock fixed = Clock.fixed(time, ZoneId.of("UTC"));
    return new Expectation(policy, caller, context, values, tags, alias, fixed);
  }

  /** Expects that an operation is let through; {@link Expected#on} checks it. */
  public Expected allowed(Operation operation) {
    return new Expected(this, operation, true);
  }

  /** Expects that an operation is refused; {@link Expected#on} checks it. */
  public Expected denied(Operation operation) {
    return new Expected(this, operation, false);
  }

  PolicyExpectations policy() {
    return policy;
  }

  PolicyCaller caller() {
    return caller;
  }

  EncryptionContext context() {
    return context;
  }

  AccessRequest request(Operation operation, PolicyKey key) {
    RequestDetails.Builder details =
        RequestDetails.NONE.but().context(context).parameters(values).tags(tags);
    if (alias.isPresent()) {
      Place place = key.arn().place();
      details.alias(alias.get().name());
      switch (operation) {
        case CREATE_ALIAS, UPDATE_ALIAS, DELETE_ALIAS ->
            details.aliasArn(new AliasArn(place, alias.get()).text());
        default -> {}
      }
    }
    return AccessRequest.onKey(
        caller.identity().principal(), operation, key.facts(), details.build(), clock);
  }
}
