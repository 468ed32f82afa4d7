// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.cluster;

import dev.strongroom.hsm.DomainKeyId;
import java.util.List;
import java.util.Optional;

/**
 * How a member of a cluster is.
 *
 * @param name as the setting names the token
 * @param isServing whether it gets calls
 * @param fault why not; empty where it does
 * @param faults how often it failed since the cluster was opened
 * @param domainKeys the versions that are in use here and of which it has a right copy
 */
public record MemberStatus(
    String name,
    boolean isServing,
    Optional<String> fault,
    long faults,
    List<DomainKeyId> domainKeys) {

  public MemberStatus {
    domainKeys = List.copyOf(domainKeys);
  }
}
