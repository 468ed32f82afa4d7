// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.service.NewAccessKey;
import java.util.List;
import java.util.Locale;

/** {@code iam …-access-key}: the access keys of users and of the account root. */
final class AccessKeyCommands {
  private static final Parameter ACCESS_KEY_ID =
      Parameter.required("--access-key-id", "<id>", "The access key: AKIA….");

  private AccessKeyCommands() {}

  // spotless:off
  static List<Command> all() {
    return List.of(
        IamOptions.command("create-access-key", "Makes an access key, of which a user has two at most. Its secret is shown this once.",
            " --user-name batch > batch-key.json", List.of(IamOptions.USER_IF_ANY), AccessKeyCommands::create),
        IamOptions.command("list-access-keys", "Lists the access keys of a user.",
            " --user-name batch", List.of(IamOptions.USER_IF_ANY), AccessKeyCommands::list),
        IamOptions.command("update-access-key", "Lets an access key work, or refuses its next call.",
            " --user-name batch --access-key-id AKIAEXAMPLE --status Inactive",
            List.of(IamOptions.USER_IF_ANY, ACCESS_KEY_ID,
                Parameter.required("--status", "Active|Inactive", "Whether it works.")), AccessKeyCommands::update),
        IamOptions.command("delete-access-key", "Takes an access key away for ever.",
            " --user-name batch --access-key-id AKIAEXAMPLE",
            List.of(IamOptions.USER_IF_ANY, ACCESS_KEY_ID), AccessKeyCommands::delete),
        IamOptions.command("get-access-key-last-used", "Shows when an access key was last used, to the minute.",
            " --access-key-id AKIAEXAMPLE", List.of(ACCESS_KEY_ID), AccessKeyCommands::lastUsed));
  }
  // spotless:on

  private static String id(Call call) {
    return call.arguments().get("--access-key-id");
  }

  private static Answer create(Call call) {
    String user = IamOptions.userOrSelf(call);
    NewAccessKey key = call.kms().iam().createAccessKey(call.caller(), user);
    return new Answer().with("AccessKey", IamAnswers.newAccessKey(key));
  }

  private static Answer list(Call call) {
    String user = IamOptions.userOrSelf(call);
    List<Answer> keys =
        call.kms().iam().listAccessKeys(call.caller(), user).stream()
            .map(IamAnswers::accessKey)
            .toList();
    return new Answer().with("AccessKeyMetadata", keys);
  }

  private static Answer update(Call call) {
    String user = IamOptions.userOrSelf(call);
    String status = call.arguments().get("--status").toLowerCase(Locale.ROOT);
    if (!status.equals("active") && !status.equals("inactive")) {
      throw UsageError.of("--status", "write Active or Inactive.");
    }
    call.kms().iam().updateAccessKey(call.caller(), user, id(call), status.equals("active"));
    return Answer.none();
  }

  private static Answer delete(Call call) {
    String user = IamOptions.userOrSelf(call);
    call.kms().iam().deleteAccessKey(call.caller(), user, id(call));
    return Answer.none();
  }

  private static Answer lastUsed(Call call) {
    return IamAnswers.lastUsed(call.kms().iam().getAccessKeyLastUsed(call.caller(), id(call)));
  }
}
