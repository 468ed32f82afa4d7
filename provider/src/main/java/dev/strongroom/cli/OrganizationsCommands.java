// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.service.NewAccessKey;
import dev.strongroom.kms.service.Organizations;
import java.util.List;

/** {@code organizations …}: the accounts of the KMS. */
final class OrganizationsCommands {
  private OrganizationsCommands() {}

  // spotless:off
  static List<Command> all() {
    return List.of(
        new Command("organizations", "create-account", "Makes an account. The access key of its root is shown this once.",
            "strongroom organizations create-account --account-name tests > tests.json",
            List.of(Parameter.required("--account-name", "<name>", "What people call it: up to 50 characters.")),
            OrganizationsCommands::create),
        new Command("organizations", "list-accounts", "Lists the accounts in the order in which they were made.",
            "strongroom organizations list-accounts --query Accounts[].Id", List.of(), OrganizationsCommands::list));
  }
  // spotless:on

  private static Answer create(Call call) {
    String name = call.arguments().get("--account-name");
    Organizations.NewAccount made = call.kms().organizations().createAccount(call.caller(), name);
    NewAccessKey key = made.rootAccessKey();
    return new Answer()
        .with(
            "CreateAccountStatus",
            new Answer()
                .with("AccountName", made.account().name())
                .with("State", "SUCCEEDED")
                .with("CompletedTimestamp", made.account().joined())
                .with("AccountId", made.account().id()))
        .with("AccessKey", IamAnswers.newAccessKey(key));
  }

  private static Answer list(Call call) {
    List<Answer> accounts =
        call.kms().organizations().listAccounts(call.caller()).stream()
            .map(OrganizationsCommands::account)
            .toList();
    return new Answer().with("Accounts", accounts);
  }

  private static Answer account(Organizations.Account account) {
    return new Answer()
        .with("Id", account.id())
        .with("Arn", account.rootArn())
        .with("Name", account.name())
        .with("Status", "ACTIVE")
        .with("JoinedTimestamp", account.joined());
  }
}
