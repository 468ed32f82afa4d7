// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.storage.AccountRow;
import dev.strongroom.kms.storage.IdentityStorage;
import dev.strongroom.kms.storage.IdentityStorage.Edit;
import dev.strongroom.kms.storage.IdentityStorage.View;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The accounts of a store: the one that it was made with, and those that were made in it. */
public final class Accounts {
  private static final Pattern NAME = Pattern.compile("[ -~]{1,50}");
  private static final long NUMBERS = 1_000_000_000_000L;
  private static final int MAX_ACCOUNTS = 1000;

  /** What the identities call an account root. */
  private static final String ROOT = "";

  private final IdentityStorage storage;
  private final AccessKeys accessKeys;
  private final SecureRandom random;
  private final Clock clock;

  public Accounts(
      IdentityStorage storage, AccessKeys accessKeys, SecureRandom random, Clock clock) {
    this.storage = storage;
    this.accessKeys = accessKeys;
    this.random = random;
    this.clock = clock;
  }

  /**
   * A new account.
   *
   * @param rootAccessKey the only copy of the secret of its root; the receiver destroys it
   */
  public record Made(AccountRow account, IssuedAccessKey rootAccessKey) {}

  /**
   * Makes an account with its root's access key, both or neither: an account whose root has none
   * would be nobody's.
   *
   * @throws KmsException.Validation if it is no name
   * @throws KmsException.LimitExceeded if there are {@value #MAX_ACCOUNTS}
   */
  public Made create(String name) {
    if (!NAME.matcher(name).matches() || name.isBlank()) {
      throw new KmsException.Validation(
          "Not the name of an account: \"" + name + "\". Use 1 to 50 printable ASCII characters.");
    }
    return accessKeys.issue(
        ROOT, drawn -> new Made(storage.change(edit -> create(edit, name, drawn)), drawn.key()));
  }

  private AccountRow create(Edit edit, String name, AccessKeys.Drawn rootAccessKey) {
    List<AccountRow> known = edit.accounts();
    if (known.size() >= MAX_ACCOUNTS) {
      throw new KmsException.LimitExceeded(
          "The KMS has " + MAX_ACCOUNTS + " accounts, which is the limit.");
    }
    AccountRow account = new AccountRow(unused(known), clock.instant(), Optional.of(name));
    edit.create(account);
    edit.create(rootAccessKey.row(account.account()));
    return account;
  }

  private String unused(List<AccountRow> known) {
    while (true) {
      String id = String.format(Locale.ROOT, "%012d", random.nextLong(NUMBERS));
      if (known.stream().noneMatch(account -> account.account().equals(id))) {
        return id;
      }
    }
  }

  /** Returns all accounts in the order in which they were made. */
  public List<AccountRow> list() {
    return storage.view(View::accounts);
  }

  /**
   * Returns whether it is the account that the store was made with, which manages the others. It is
   * the one without a name: that an account was made first is not for the clock to say.
   */
  public boolean isManagement(String account) {
    return list().stream()
        .filter(each -> each.name().isEmpty())
        .findFirst()
        .filter(first -> first.account().equals(account))
        .isPresent();
  }
}
