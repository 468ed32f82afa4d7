// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.Iam;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code iam …}: users, groups and roles. */
final class IamCommands {
  private static final Parameter USER = IamOptions.name(IamKind.USER);
  private static final Parameter GROUP = IamOptions.name(IamKind.GROUP);
  private static final Parameter ROLE = IamOptions.name(IamKind.ROLE);
  private static final Parameter MAX_SESSION =
      Parameter.optional(
          "--max-session-duration", "<s>", "How long a session may last: 3600 to 43200 seconds.");
  private static final Parameter DESCRIPTION =
      Parameter.optional("--description", "<text>", "What the role is for.");

  private IamCommands() {}

  // spotless:off
  static List<Command> all() {
    return List.of(
        IamOptions.command("create-user", "Makes a user, who may do nothing yet; policies and grants give rights.",
            " --user-name batch", List.of(USER, IamOptions.BOUNDARY_IF_ANY, IamTagCommands.TAGS_IF_ANY), IamCommands::createUser),
        IamOptions.command("get-user", "Shows a user, or who calls.",
            " --user-name batch", List.of(IamOptions.USER_IF_ANY), IamCommands::getUser),
        IamOptions.command("list-users", "Lists the users.",
            " --query Users[].UserName", List.of(), call -> list(call, IamKind.USER)),
        IamOptions.command("delete-user", "Deletes a user that has no policies, groups and access keys any more.",
            " --user-name batch", List.of(USER), call -> delete(call, IamKind.USER)),
        IamOptions.command("create-group", "Makes a group: its policies are those of all users in it.",
            " --group-name admins", List.of(GROUP), IamCommands::createGroup),
        IamOptions.command("get-group", "Shows a group and the users in it.",
            " --group-name admins", List.of(GROUP), IamCommands::getGroup),
        IamOptions.command("list-groups", "Lists the groups.",
            " --query Groups[].GroupName", List.of(), call -> list(call, IamKind.GROUP)),
        IamOptions.command("delete-group", "Deletes a group without users and policies.",
            " --group-name admins", List.of(GROUP), call -> delete(call, IamKind.GROUP)),
        IamOptions.command("add-user-to-group", "Puts a user into a group.",
            " --group-name admins --user-name alice", List.of(GROUP, USER), IamCommands::addUser),
        IamOptions.command("remove-user-from-group", "Takes a user out of a group.",
            " --group-name admins --user-name alice", List.of(GROUP, USER), IamCommands::removeUser),
        IamOptions.command("list-groups-for-user", "Lists the groups that a user is in.",
            " --user-name alice", List.of(USER), IamCommands::groupsForUser),
        IamOptions.command("create-role", "Makes a role. Its trust policy says who may assume it.",
            " --role-name batch --assume-role-policy-document file://trust.json",
            List.of(ROLE,
                Parameter.required("--assume-role-policy-document", "<policy>", "The trust policy, or file://FILE."),
                DESCRIPTION, MAX_SESSION, IamOptions.BOUNDARY_IF_ANY, IamTagCommands.TAGS_IF_ANY), IamCommands::createRole),
        IamOptions.command("get-role", "Shows a role.",
            " --role-name batch", List.of(ROLE), IamCommands::getRole),
        IamOptions.command("list-roles", "Lists the roles.",
            " --query Roles[].RoleName", List.of(), call -> list(call, IamKind.ROLE)),
        IamOptions.command("update-role", "Changes how long sessions of a role may last, or its description.",
            " --role-name batch --max-session-duration 7200",
            List.of(ROLE, DESCRIPTION, MAX_SESSION), IamCommands::updateRole),
        IamOptions.command("update-assume-role-policy", "Changes who may assume a role.",
            " --role-name batch --policy-document file://trust.json",
            List.of(ROLE, IamOptions.POLICY_DOCUMENT), IamCommands::updateTrust),
        IamOptions.command("delete-role", "Deletes a role without policies.",
            " --role-name batch", List.of(ROLE), call -> delete(call, IamKind.ROLE)));
  }
  // spotless:on

  private static Optional<String> boundary(Call call) {
    return call.arguments().find(IamOptions.BOUNDARY);
  }

  private static Answer createUser(Call call) throws IOException {
    String name = call.arguments().get("--user-name");
    Map<String, String> tags = IamTagCommands.tags(call);
    Iam.Entity user =
        call.kms().iam().createUser(call.caller(), name, boundary(call).orElse(null), tags);
    return new Answer().with("User", IamTagCommands.shownOn(IamAnswers.entity(user), tags));
  }

  private static Answer getUser(Call call) {
    String name = IamOptions.userOrSelf(call);
    if (!name.isEmpty()) {
      Iam.Entity user = call.kms().iam().get(call.caller(), IamKind.USER, name);
      return new Answer().with("User", IamAnswers.entity(user));
    }
    Caller caller = call.caller();
    if (caller.kind() != Caller.Kind.ROOT) {
      throw new KmsException.Validation(
          "Must specify userName when calling with non-User credentials: add --user-name.");
    }
    return new Answer()
        .with("User", new Answer().with("UserId", caller.accountId()).with("Arn", caller.arn()));
  }

  private static Answer list(Call call, IamKind kind) {
    List<Iam.Entity> all = call.kms().iam().list(call.caller(), kind);
    return new Answer().with(kind.apiWord() + "s", IamAnswers.entities(all));
  }

  private static Answer delete(Call call, IamKind kind) {
    String name = call.arguments().get(IamOptions.nameOption(kind));
    call.kms().iam().delete(call.caller(), kind, name);
    return Answer.none();
  }

  private static Answer createGroup(Call call) {
    String name = call.arguments().get("--group-name");
    Iam.Entity group = call.kms().iam().createGroup(call.caller(), name);
    return new Answer().with("Group", IamAnswers.entity(group));
  }

  private static Answer getGroup(Call call) {
    String name = call.arguments().get("--group-name");
    Iam.GroupMembers members = call.kms().iam().getGroup(call.caller(), name);
    return new Answer()
        .with("Users", IamAnswers.entities(members.users()))
        .with("Group", IamAnswers.entity(members.group()));
  }

  private static Answer addUser(Call call) {
    String group = call.arguments().get("--group-name");
    call.kms().iam().addUserToGroup(call.caller(), group, call.arguments().get("--user-name"));
    return Answer.none();
  }

  private static Answer removeUser(Call call) {
    String group = call.arguments().get("--group-name");
    call.kms().iam().removeUserFromGroup(call.caller(), group, call.arguments().get("--user-name"));
    return Answer.none();
  }

  private static Answer groupsForUser(Call call) {
    String user = call.arguments().get("--user-name");
    List<Iam.Entity> groups = call.kms().iam().listGroupsForUser(call.caller(), user);
    return new Answer().with("Groups", IamAnswers.entities(groups));
  }

  private static Answer createRole(Call call) throws IOException {
    Iam.CreateRoleRequest request =
        new Iam.CreateRoleRequest(
            call.text("--assume-role-policy-document"),
            call.arguments().find("--description").orElse(null),
            maxSession(call).orElse(null),
            boundary(call).orElse(null),
            IamTagCommands.tags(call));
    String name = call.arguments().get("--role-name");
    Iam.Entity role = call.kms().iam().createRole(call.caller(), name, request);
    return new Answer()
        .with("Role", IamTagCommands.shownOn(IamAnswers.entity(role), request.tags()));
  }

  private static Optional<Integer> maxSession(Call call) {
    return call.arguments().has(MAX_SESSION.name())
        ? Optional.of(call.number(MAX_SESSION.name(), 0, 1, Integer.MAX_VALUE))
        : Optional.empty();
  }

  private static Answer getRole(Call call) {
    String name = call.arguments().get("--role-name");
    Iam.Entity role = call.kms().iam().get(call.caller(), IamKind.ROLE, name);
    return new Answer().with("Role", IamAnswers.entity(role));
  }

  private static Answer updateRole(Call call) {
    String name = call.arguments().get("--role-name");
    call.kms()
        .iam()
        .updateRole(
            call.caller(),
            name,
            maxSession(call).orElse(null),
            call.arguments().find("--description").orElse(null));
    return Answer.none();
  }

  private static Answer updateTrust(Call call) throws IOException {
    String name = call.arguments().get("--role-name");
    call.kms().iam().updateAssumeRolePolicy(call.caller(), name, call.text("--policy-document"));
    return Answer.none();
  }
}
