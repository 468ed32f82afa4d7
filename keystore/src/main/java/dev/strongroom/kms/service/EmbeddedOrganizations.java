// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.iam.Accounts;
import dev.strongroom.kms.iam.IssuedAccessKey;
import dev.strongroom.kms.storage.AccountRow;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Makes accounts: the gate decides, and only callers of the management account get there. */
final class EmbeddedOrganizations implements Organizations {
  private final ManagementGate management;
  private final Accounts accounts;

  EmbeddedOrganizations(ManagementGate management, Accounts accounts) {
    this.management = management;
    this.accounts = accounts;
  }

  @Override
  public NewAccount createAccount(Caller caller, String name) {
    return run(
        Call.of(caller, Operation.CREATE_ACCOUNT, Map.of("accountName", name)),
        () -> {
          Accounts.Made made = accounts.create(name);
          try (IssuedAccessKey issued = made.rootAccessKey()) {
            return new NewAccount(
                account(made.account()),
                new NewAccessKey(
                    issued.accessKeyId(),
                    issued.userName(),
                    issued.secret(),
                    issued.creationDate()));
          }
        });
  }

  @Override
  public List<Account> listAccounts(Caller caller) {
    return run(
        Call.of(caller, Operation.LIST_ACCOUNTS),
        () -> accounts.list().stream().map(EmbeddedOrganizations::account).toList());
  }

  private <T> T run(Call call, Supplier<T> work) {
    return management.run(
        call, "only the account that the KMS was made with manages accounts", work);
  }

  private static Account account(AccountRow row) {
    return new Account(row.account(), row.name().orElse(""), row.creationDate());
  }
}
