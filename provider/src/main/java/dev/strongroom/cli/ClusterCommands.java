// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.service.ClusterDescription;
import java.util.List;

/** {@code cloudhsm …}: the tokens that hold the domain key. */
final class ClusterCommands {
  private static final Parameter MEMBER =
      Parameter.required(
          "--member", "<token>", "As describe-cluster shows it, or the label of the token.");

  private ClusterCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "cloudhsm",
            "describe-cluster",
            "Shows the tokens that hold the domain key, and how they are.",
            "strongroom cloudhsm describe-cluster",
            List.of(),
            call -> answer(call.kms().cloudHsm().describeCluster(call.caller()))),
        new Command(
            "cloudhsm",
            "join-cluster",
            "Gives a token of the setting 'hsm' the versions of the domain key that it lacks.",
            "strongroom cloudhsm join-cluster --member hsm-3",
            List.of(MEMBER),
            call ->
                answer(
                    call.kms()
                        .cloudHsm()
                        .joinCluster(call.caller(), call.arguments().get(MEMBER.name())))),
        new Command(
            "cloudhsm",
            "leave-cluster",
            "Destroys the domain key in a token; after that take it out of the setting 'hsm'.",
            "strongroom cloudhsm leave-cluster --member hsm-1",
            List.of(MEMBER),
            call ->
                answer(
                    call.kms()
                        .cloudHsm()
                        .leaveCluster(call.caller(), call.arguments().get(MEMBER.name())))));
  }

  private static Answer answer(ClusterDescription cluster) {
    return new Answer()
        .with("MinDomainKeyCopies", cluster.minDomainKeyCopies())
        .with("Members", cluster.members().stream().map(ClusterCommands::shape).toList());
  }

  private static Answer shape(ClusterDescription.Member member) {
    return new Answer()
        .with("Name", member.name())
        .with("State", member.state().name())
        .with("DomainKeyVersions", numbers(member.versions()))
        .with("LacksVersions", numbers(member.lacking()))
        .with("Faults", member.faults())
        .withIfPresent("Fault", member.fault());
  }

  private static List<Long> numbers(List<Integer> versions) {
    return versions.stream().map(Integer::longValue).toList();
  }
}
