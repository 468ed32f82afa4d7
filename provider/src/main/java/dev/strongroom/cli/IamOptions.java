// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.IamKind;
import java.util.List;
import java.util.Optional;

/** The parameters that several commands on identities share. */
final class IamOptions {

  static final String BOUNDARY = "--permissions-boundary";

  static final Parameter POLICY_ARN =
      Parameter.required(
          "--policy-arn", "<arn>", "The managed policy: arn:aws:iam::<account>:policy/<name>.");

  static final Parameter POLICY_NAME =
      Parameter.required("--policy-name", "<name>", "The name of the policy.");

  static final Parameter POLICY_DOCUMENT =
      Parameter.required(
          "--policy-document", "<policy>", "The policy: JSON in AWS's language, or file://FILE.");

  static final Parameter BOUNDARY_IF_ANY =
      Parameter.optional(
          BOUNDARY, "<arn>", "A managed policy: what it does not allow is never allowed.");

  static final Parameter USER_IF_ANY =
      Parameter.optional("--user-name", "<name>", "The user; by default whoever calls.");

  private IamOptions() {}

  /**
   * Returns a command on identities.
   *
   * @param example what stands after its name in the example, with a space before it
   */
  static Command command(
      String name, String summary, String example, List<Parameter> all, Command.Action action) {
    return new Command("iam", name, summary, "strongroom iam " + name + example, all, action);
  }

  /** Returns {@code --user-name} and the like. */
  static String nameOption(IamKind kind) {
    return "--" + kind.word() + "-name";
  }

  static Parameter name(IamKind kind) {
    return Parameter.required(nameOption(kind), "<name>", "The name of the " + kind.word() + ".");
  }

  /** Returns the user that is named, or the caller; empty for the account root. */
  static String userOrSelf(Call call) {
    Optional<String> named = call.arguments().find(nameOption(IamKind.USER));
    if (named.filter(String::isEmpty).isPresent()) {
      throw UsageError.of(
          nameOption(IamKind.USER), "write the name of a user, or leave the option out.");
    }
    Caller caller = call.caller();
    return named.orElseGet(() -> caller.kind() == Caller.Kind.USER ? caller.userName() : "");
  }
}
