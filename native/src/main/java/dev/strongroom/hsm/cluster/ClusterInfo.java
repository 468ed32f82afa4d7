// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.cluster;

import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.HsmInfo;
import dev.strongroom.hsm.WrapPolicy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a cluster is, of what its members are: it can do what all can, and is weak where one is. */
final class ClusterInfo {
  private ClusterInfo() {}

  static HsmInfo of(List<HsmInfo> members) {
    Set<BackingKeySpec> specs = new TreeSet<>(members.get(0).backingKeySpecs());
    Set<WrapPolicy> policies = new TreeSet<>(members.get(0).wrapPolicies());
    Set<String> weaknesses = new TreeSet<>();
    List<String> notes = new ArrayList<>();
    for (HsmInfo member : members) {
      specs.retainAll(member.backingKeySpecs());
      policies.retainAll(member.wrapPolicies());
      weaknesses.addAll(member.weaknesses());
      member.notes().forEach(note -> notes.add("Member \"" + member.label() + "\": " + note));
    }
    return new HsmInfo(
        members.stream().allMatch(HsmInfo::isHardware),
        joined(members, HsmInfo::manufacturer),
        joined(members, HsmInfo::model),
        joined(members, HsmInfo::serialNumber),
        joined(members, HsmInfo::label),
        joined(members, HsmInfo::firmware),
        specs,
        policies,
        weaknesses,
        notes);
  }

  private static String joined(List<HsmInfo> members, Function<HsmInfo, String> part) {
    return members.stream().map(part).collect(Collectors.toCollection(LinkedHashSet::new)).stream()
        .collect(Collectors.joining(", "));
  }
}
