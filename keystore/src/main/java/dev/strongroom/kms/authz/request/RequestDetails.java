// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.request;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.authz.grant.Grant;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What only some requests have. Requests that have the same may share it. */
public final class RequestDetails {

  /** Nothing of all that. */
  public static final RequestDetails NONE = new Builder().build();

  private final EncryptionContext context;
  private final @Nullable String alias;
  private final @Nullable String aliasArn;
  private final @Nullable String region;
  private final @Nullable String via;
  private final Map<String, String> tags;
  private final Supplier<Map<String, String>> resourceTags;
  private final ConditionValues parameters;
  private final @Nullable Grant grant;
  private final Set<String> exhausted;

  private RequestDetails(Builder from) {
    this.context = from.context;
    this.alias = from.alias;
    this.aliasArn = from.aliasArn;
    this.region = from.region;
    this.via = from.via;
    this.tags = from.tags;
    this.resourceTags = from.resourceTags;
    this.parameters = from.parameters;
    this.grant = from.grant;
    this.exhausted = from.exhausted;
  }

  /** Returns the details of a request that has a context and nothing else. */
  public static RequestDetails of(EncryptionContext context) {
    return context.isEmpty() ? NONE : NONE.but().context(context).build();
  }

  /** Returns a builder that starts with these. */
  public Builder but() {
    Builder builder = new Builder();
    builder.context = context;
    builder.alias = alias;
    builder.aliasArn = aliasArn;
    builder.region = region;
    builder.via = via;
    builder.tags = tags;
    builder.resourceTags = resourceTags;
    builder.parameters = parameters;
    builder.grant = grant;
    builder.exhausted = exhausted;
    return builder;
  }

  public EncryptionContext context() {
    return context;
  }

  @Nullable String alias() {
    return alias;
  }

  /** Returns the alias that an operation on aliases is about; null for others. */
  public @Nullable String aliasArn() {
    return aliasArn;
  }

  @Nullable String region() {
    return region;
  }

  @Nullable String via() {
    return via;
  }

  Map<String, String> tags() {
    return tags;
  }

  /** Returns the tags of what it is about that is no key. */
  Map<String, String> resourceTags() {
    return resourceTags.get();
  }

  ConditionValues parameters() {
    return parameters;
  }

  /** Returns what CreateGrant would make, or what RetireGrant would end; null for others. */
  public @Nullable Grant grant() {
    return grant;
  }

  /** Returns the ids of grants whose uses are up. */
  public Set<String> exhausted() {
    return exhausted;
  }

  /** Collects details. Not thread-safe. */
  public static final class Builder {
    private EncryptionContext context = EncryptionContext.EMPTY;
    private @Nullable String alias;
    private @Nullable String aliasArn;
    private @Nullable String region;
    private @Nullable String via;
    private Map<String, String> tags = Map.of();
    private Supplier<Map<String, String>> resourceTags = Map::of;
    private ConditionValues parameters = ConditionValues.NONE;
    private @Nullable Grant grant;
    private Set<String> exhausted = Set.of();

    private Builder() {}

    public Builder context(EncryptionContext context) {
      this.context = context;
      return this;
    }

    /** How the request named the key, {@code alias/…}; not set if by its id. */
    public Builder alias(String alias) {
      this.alias = alias;
      return this;
    }

    /** The ARN of the alias that is made, moved or deleted: it takes a right of its own. */
    public Builder aliasArn(String aliasArn) {
      this.aliasArn = aliasArn;
      return this;
    }

    /** Where the request goes to; not set: where its key is. */
    public Builder region(String region) {
      this.region = region;
      return this;
    }

    /** The part of the product that asks for the principal, as {@code acm.amazonaws.com}. */
    public Builder via(String via) {
      this.via = via;
      return this;
    }

    /** The tags that the request puts on something. */
    public Builder tags(Map<String, String> tags) {
      this.tags = Map.copyOf(tags);
      return this;
    }

    /**
     * The tags of what the request is about that is no key, as a user.
     *
     * @param tags asked only where a policy asks
     */
    public Builder resourceTags(Supplier<Map<String, String>> tags) {
      this.resourceTags = tags;
      return this;
    }

    /** Values of the condition keys that are parameters of the request. */
    public Builder parameters(ConditionValues parameters) {
      this.parameters = parameters;
      return this;
    }

    /** What CreateGrant would make, or what RetireGrant would end. */
    public Builder grant(Grant grant) {
      this.grant = grant;
      return this;
    }

    /** The ids of grants whose uses are up: they do not count. */
    public Builder exhausted(Set<String> exhausted) {
      this.exhausted = Set.copyOf(exhausted);
      return this;
    }

    public RequestDetails build() {
      return new RequestDetails(this);
    }
  }
}
