// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.IamKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code iam …-user-policy}, {@code …-group-policy}, {@code …-role-policy}: the policies that a
 * user, group or role has, the same commands for each.
 */
final class EntityPolicyCommands {
  private final IamKind kind;
  private final String word;
  private final String nameOption;
  private final Parameter name;

  private EntityPolicyCommands(IamKind kind) {
    this.kind = kind;
    this.word = kind.word();
    this.nameOption = IamOptions.nameOption(kind);
    this.name = IamOptions.name(kind);
  }

  static List<Command> all() {
    List<Command> all = new ArrayList<>();
    for (IamKind kind : List.of(IamKind.USER, IamKind.GROUP, IamKind.ROLE)) {
      all.addAll(new EntityPolicyCommands(kind).commands());
    }
    return all;
  }

  private Command command(
      String command, String summary, String more, List<Parameter> all, Command.Action action) {
    return IamOptions.command(command, summary, " " + nameOption + " example" + more, all, action);
  }

  // spotless:off
  private List<Command> commands() {
    List<Command> all = new ArrayList<>(List.of(
        command("put-" + word + "-policy", "Puts an inline policy, in the place of one of that name.",
            " --policy-name use-keys --policy-document file://policy.json",
            List.of(name, IamOptions.POLICY_NAME, IamOptions.POLICY_DOCUMENT), this::put),
        command("get-" + word + "-policy", "Shows an inline policy.",
            " --policy-name use-keys", List.of(name, IamOptions.POLICY_NAME), this::get),
        command("delete-" + word + "-policy", "Deletes an inline policy.",
            " --policy-name use-keys", List.of(name, IamOptions.POLICY_NAME), this::delete),
        command("list-" + word + "-policies", "Lists the inline policies.",
            "", List.of(name), this::list),
        command("attach-" + word + "-policy", "Attaches a managed policy.",
            " --policy-arn arn:aws:iam::000000000000:policy/use-keys",
            List.of(name, IamOptions.POLICY_ARN), this::attach),
        command("detach-" + word + "-policy", "Detaches a managed policy.",
            " --policy-arn arn:aws:iam::000000000000:policy/use-keys",
            List.of(name, IamOptions.POLICY_ARN), this::detach),
        command("list-attached-" + word + "-policies", "Lists the managed policies that are attached.",
            "", List.of(name), this::listAttached)));
    if (kind != IamKind.GROUP) {
      all.add(command("put-" + word + "-permissions-boundary", "Says what is never allowed: all that this managed policy does not allow.",
          " --permissions-boundary arn:aws:iam::000000000000:policy/limits",
          List.of(name, Parameter.required(IamOptions.BOUNDARY, "<arn>", "A managed policy.")), this::putBoundary));
      all.add(command("delete-" + word + "-permissions-boundary", "Takes the permissions boundary away.",
          "", List.of(name), this::deleteBoundary));
    }
    return all;
  }
  // spotless:on

  private String name(Call call) {
    return call.arguments().get(nameOption);
  }

  private Answer put(Call call) throws IOException {
    String document = call.text("--policy-document");
    call.kms()
        .iam()
        .putPolicy(
            call.caller(), kind, name(call), call.arguments().get("--policy-name"), document);
    return Answer.none();
  }

  private Answer get(Call call) {
    String policy = call.arguments().get("--policy-name");
    String document = call.kms().iam().getPolicy(call.caller(), kind, name(call), policy);
    return new Answer()
        .with(kind.apiWord() + "Name", name(call))
        .with("PolicyName", policy)
        .with("PolicyDocument", IamAnswers.document(document));
  }

  private Answer delete(Call call) {
    String policy = call.arguments().get("--policy-name");
    call.kms().iam().deletePolicy(call.caller(), kind, name(call), policy);
    return Answer.none();
  }

  private Answer list(Call call) {
    List<String> names = call.kms().iam().listPolicies(call.caller(), kind, name(call));
    return new Answer().with("PolicyNames", names);
  }

  private Answer attach(Call call) {
    String policy = call.arguments().get("--policy-arn");
    call.kms().iam().attachPolicy(call.caller(), kind, name(call), policy);
    return Answer.none();
  }

  private Answer detach(Call call) {
    String policy = call.arguments().get("--policy-arn");
    call.kms().iam().detachPolicy(call.caller(), kind, name(call), policy);
    return Answer.none();
  }

  private Answer listAttached(Call call) {
    List<Answer> policies =
        call.kms().iam().listAttachedPolicies(call.caller(), kind, name(call)).stream()
            .map(IamAnswers::attached)
            .toList();
    return new Answer().with("AttachedPolicies", policies);
  }

  private Answer putBoundary(Call call) {
    String policy = call.arguments().get(IamOptions.BOUNDARY);
    call.kms().iam().putPermissionsBoundary(call.caller(), kind, name(call), policy);
    return Answer.none();
  }

  private Answer deleteBoundary(Call call) {
    call.kms().iam().deletePermissionsBoundary(call.caller(), kind, name(call));
    return Answer.none();
  }
}
