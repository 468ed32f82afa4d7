// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.expectations;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.authz.request.KeyFacts;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The key that has the policy, as far as policies can ask about it. Immutable.
 *
 * @param tags what {@code aws:ResourceTag/…} asks about
 */
public record PolicyKey(
    KeyArn arn, CmkSpec spec, KeyUsage usage, Set<Alias> aliases, Map<String, String> tags) {

  public PolicyKey {
    aliases = Set.copyOf(aliases);
    tags = Map.copyOf(tags);
  }

  /**
   * Returns a key of spec SYMMETRIC_DEFAULT.
   *
   * @param arn as {@code arn:aws:kms:local:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab};
   *     its account owns the key
   * @throws IllegalArgumentException if it is none
   */
  public static PolicyKey symmetric(String arn) {
    return of(arn, CmkSpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT);
  }

  /**
   * Returns a key.
   *
   * @throws IllegalArgumentException if {@code arn} is none, or the spec cannot have the usage
   */
  public static PolicyKey of(String arn, CmkSpec spec, KeyUsage usage) {
    if (!spec.allows(usage)) {
      throw new IllegalArgumentException(
          "A key of spec " + spec + " has one of these usages: " + spec.usages() + ".");
    }
    return new PolicyKey(KeyArn.parse(arn), spec, usage, Set.of(), Map.of());
  }

  /** Returns this key with an alias more, {@code alias/…}. */
  public PolicyKey named(String alias) {
    Set<Alias> more = new LinkedHashSet<>(aliases);
    more.add(new Alias(alias));
    return new PolicyKey(arn, spec, usage, more, tags);
  }

  /** Returns this key with a tag more. */
  public PolicyKey tagged(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(tags);
    more.put(name, value);
    return new PolicyKey(arn, spec, usage, aliases, more);
  }

  KeyFacts facts() {
    return new KeyFacts(arn, spec, usage, KeyOrigin.AWS_KMS, aliases, tags);
  }

  @Override
  public String toString() {
    return arn.text();
  }
}
