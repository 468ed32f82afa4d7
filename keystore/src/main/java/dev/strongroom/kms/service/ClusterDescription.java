// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import java.util.List;
import java.util.Optional;

/**
 * The tokens that hold the domain key.
 *
 * @param members in the order of the setting {@code hsm}
 * @param minDomainKeyCopies how many have to have the active version before keys are made
 */
public record ClusterDescription(List<Member> members, int minDomainKeyCopies) {

  public ClusterDescription {
    members = List.copyOf(members);
  }

  /** How a member is. */
  public enum State {
    /** It has all versions of the domain key and gets calls. */
    ACTIVE,
    /** It answers and lacks versions; for those that it has it gets calls. */
    INCOMPLETE,
    /** It failed, or its domain key is another one; it gets no calls until it was checked. */
    DOWN
  }

  /**
   * A member.
   *
   * @param name as the setting names it
   * @param fault why it is down
   * @param faults how often it went down since this process opened the KMS
   * @param versions of the domain key that it has; empty where it is down
   * @param lacking versions of the domain key that it has not
   */
  public record Member(
      String name,
      State state,
      Optional<String> fault,
      long faults,
      List<Integer> versions,
      List<Integer> lacking) {

    public Member {
      versions = List.copyOf(versions);
      lacking = List.copyOf(lacking);
    }
  }
}
