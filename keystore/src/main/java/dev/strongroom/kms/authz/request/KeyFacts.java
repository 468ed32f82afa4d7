// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.request;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.MultiRegion;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What conditions can ask about a KMS key. Made once for each version of a key. */
public final class KeyFacts {
  private final KeyId id;
  private final String account;
  private final String arn;
  private final String region;
  private final CmkSpec spec;
  private final KeyUsage usage;
  private final KeyOrigin origin;
  private final Optional<MultiRegion.Type> multiRegion;
  private final List<String> aliases;
  private final Map<String, String> tags;

  /** Of a key of one region. */
  public KeyFacts(
      KeyArn arn,
      CmkSpec spec,
      KeyUsage usage,
      KeyOrigin origin,
      Collection<Alias> aliases,
      Map<String, String> tags) {
    this(arn, spec, usage, origin, Optional.empty(), aliases, tags);
  }

  /**
   * @param multiRegion what it is in its region; empty for a key of one region
   */
  public KeyFacts(
      KeyArn arn,
      CmkSpec spec,
      KeyUsage usage,
      KeyOrigin origin,
      Optional<MultiRegion.Type> multiRegion,
      Collection<Alias> aliases,
      Map<String, String> tags) {
    this.id = arn.keyId();
    this.account = arn.place().account();
    this.region = arn.place().region();
    this.arn = arn.text();
    this.spec = spec;
    this.usage = usage;
    this.origin = origin;
    this.multiRegion = multiRegion;
    this.aliases = aliases.stream().map(Alias::name).toList();
    this.tags = Map.copyOf(tags);
  }

  public KeyId id() {
    return id;
  }

  /** Returns the account that owns the key. */
  public String account() {
    return account;
  }

  /** Returns the key's full name. */
  public String arn() {
    return arn;
  }

  String region() {
    return region;
  }

  CmkSpec spec() {
    return spec;
  }

  KeyUsage usage() {
    return usage;
  }

  KeyOrigin origin() {
    return origin;
  }

  Optional<MultiRegion.Type> multiRegion() {
    return multiRegion;
  }

  List<String> aliases() {
    return aliases;
  }

  Map<String, String> tags() {
    return tags;
  }

  @Override
  public String toString() {
    return arn;
  }
}
