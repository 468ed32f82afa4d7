// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm;

import java.util.UUID;

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

  /** Returns for example {@code 6f1c…/d1}: what operators see in messages. */
  @Override
  public String toString() {
    return domain + "/d" + version;
  }
}
