// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The name of one version of a domain key.
 *
 * @param domain random, chosen when the domain is made
 * @param version 1 for the first; a rotation adds one
 */
public record DomainKeyId(UUID domain, int version) {

  /**
   * @throws IllegalArgumentException if {@code version} is not positive
   */
  public DomainKeyId {
    if (version < 1) {
      throw new IllegalArgumentException(
          "A domain key version is 1 or more, not " + version + ". The first one is 1.");
    }
  }

  // Written out: what the compiler puts in their place makes classes at the first call, and the
  // first call is in the start of every process.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DomainKeyId id && version == id.version && domain.equals(id.domain);
  }

  @Override
  public int hashCode() {
    return 31 * domain.hashCode() + version;
  }

  /** Returns for example {@code 6f1c…/d1}: what operators see in messages. */
  @Override
  public String toString() {
    return domain + "/d" + version;
  }
}
