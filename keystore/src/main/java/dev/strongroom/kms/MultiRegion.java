// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.util.List;
import java.util.TreeSet;

/**
 * In which regions a multi-Region key is: a primary, and replicas that have the same id and
 * material.
 *
 * @param primaryRegion where new material is made
 * @param replicaRegions in order; the primary knows of all, a replica of those that there were when
 *     the primary moved, or of itself alone
 */
public record MultiRegion(String primaryRegion, List<String> replicaRegions) {

  /** What a key is in its region, by AWS's names. */
  public enum Type {
    PRIMARY,
    REPLICA
  }

  public MultiRegion {
    replicaRegions = List.copyOf(new TreeSet<>(replicaRegions));
  }

  /** Returns what the key is in that region. */
  public Type typeIn(String region) {
    return primaryRegion.equals(region) ? Type.PRIMARY : Type.REPLICA;
  }

  /** Returns the regions after the primary has become a replica, and that replica the primary. */
  public MultiRegion withPrimaryIn(String newPrimaryRegion) {
    TreeSet<String> all = new TreeSet<>(replicaRegions);
    all.add(primaryRegion);
    all.remove(newPrimaryRegion);
    return new MultiRegion(newPrimaryRegion, List.copyOf(all));
  }

  /** Returns this with one more replica. */
  public MultiRegion with(String replicaRegion) {
    TreeSet<String> all = new TreeSet<>(replicaRegions);
    all.add(replicaRegion);
    return new MultiRegion(primaryRegion, List.copyOf(all));
  }
}
