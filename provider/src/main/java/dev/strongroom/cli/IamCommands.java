// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.service.NewAccessKey;
import java.util.List;

/** {@code iam …}: users and their access keys. */
final class IamCommands {

  private static final Parameter USER_NAME =
      Parameter.required("--user-name", "<name>", "The user's name.");

  private IamCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "iam",
            "create-user",
            "Makes a user, who has no rights yet; key policies give them.",
            "strongroom iam create-user --user-name batch",
            List.of(USER_NAME),
            IamCommands::createUser),
        new Command(
            "iam",
            "create-access-key",
            "Makes an access key for a user. Its secret is shown this once.",
            "strongroom iam create-access-key --user-name batch > batch-key.json",
            List.of(USER_NAME),
            IamCommands::createAccessKey),
        new Command(
            "iam",
            "list-users",
            "Lists the users.",
            "strongroom iam list-users --query Users[].UserName",
            List.of(),
            IamCommands::listUsers));
  }

  private static Answer createUser(Call call) {
    String name = call.arguments().get("--user-name");
    call.kms().createUser(call.caller(), name);
    return new Answer().with("User", Shapes.user(call.kms().place(), name));
  }

  private static Answer createAccessKey(Call call) {
    String user = call.arguments().get("--user-name");
    NewAccessKey key = call.kms().createAccessKey(call.caller(), user);
    Answer shown =
        new Answer()
            .with("UserName", key.userName())
            .with("AccessKeyId", key.accessKeyId())
            .with("Status", "Active")
            .with("SecretAccessKey", key.secret());
    return new Answer().with("AccessKey", shown);
  }

  private static Answer listUsers(Call call) {
    List<Answer> users =
        call.kms().listUsers(call.caller()).stream()
            .map(name -> Shapes.user(call.kms().place(), name))
            .toList();
    return new Answer().with("Users", users);
  }
}
