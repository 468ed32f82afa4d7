// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.KmsException.AccessDenied;
import dev.strongroom.kms.Place;
import dev.strongroom.kms.storage.Vandal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two accounts in one store: that each has its own, and sees only that. */
class AccountsTest extends AccountScene {
  AccountsTest(@TempDir Path home) {
    super(home);
  }

  @Test
  void accountHasARootOfItsOwnWhoseKeysAreItsOwn() {
    KeyArn made = keyOf(theirs, APP);

    assertNotEquals(ours.accountId(), theirs.accountId());
    assertEquals(new Place("local", theirs.accountId()), made.place());
    assertEquals(made, kms.describeKey(bob, APP).arn());
    assertEquals(key, kms.describeKey(ours, APP).arn());
    assertArrayEquals(HELLO, decrypt(theirs, encrypt(bob, APP)));
  }

  @Test
  void onlyTheManagementAccountMakesAndListsAccounts() {
    assertThrows(AccessDenied.class, () -> kms.organizations().createAccount(bob, "more"));
    assertThrows(AccessDenied.class, () -> kms.organizations().listAccounts(theirs));
    Caller alice = user(ours, "alice");
    assertThrows(AccessDenied.class, () -> kms.organizations().createAccount(alice, "more"));
    iam.putPolicy(ours, IamKind.USER, "alice", "make", allow("organizations:*"));
    kms.organizations().createAccount(alice, "more");

    assertEquals(
        List.of("", "tests", "more"),
        kms.organizations().listAccounts(ours).stream().map(Organizations.Account::name).toList());
    assertThrows(
        KmsException.Validation.class, () -> kms.organizations().createAccount(ours, "\n"));
  }

  /** The database refuses the row of that table, whichever is written first. */
  @ParameterizedTest
  @ValueSource(strings = {"account", "principal", "access_key"})
  void accountIsMadeWithItsRootAccessKeyOrNotAtAll(String table) throws SQLException {
    List<Organizations.Account> before = kms.organizations().listAccounts(ours);
    Path store = home.resolve("store.db");
    Vandal.on(
        store,
        "CREATE TRIGGER fault BEFORE INSERT ON "
            + table
            + " BEGIN SELECT RAISE(ABORT, 'no more of these'); END");

    assertThrows(KmsException.class, () -> kms.organizations().createAccount(ours, "half"));

    assertEquals(before, kms.organizations().listAccounts(ours));
    Vandal.on(store, "DROP TRIGGER fault");
    Caller root = rootOf(kms.organizations().createAccount(ours, "half"));
    assertEquals(List.of(), iam.list(root, IamKind.USER));
    assertEquals(before.size() + 1, kms.organizations().listAccounts(ours).size());
    assertEquals(1, iam.listAccessKeys(root, "").size());
  }

  @Test
  void everyListShowsWhatIsOfTheCallersAccountAlone() {
    user(ours, "alice");
    iam.createRole(ours, "ours", new Iam.CreateRoleRequest(trust("*"), null, null, null));
    iam.createPolicy(ours, "ours", allow("kms:*"), "");

    for (Caller caller : List.of(theirs, bob)) {
      assertEquals(List.of(), kms.listKeys(caller, null, 100).items());
      assertEquals(List.of(), kms.listAliases(caller, null, null, 100).items());
      assertEquals(
          List.of("bob"), iam.list(caller, IamKind.USER).stream().map(Iam.Entity::name).toList());
      assertEquals(List.of(), iam.list(caller, IamKind.ROLE));
      assertEquals(List.of(), iam.listPolicies(caller));
      assertEquals(List.of(), kms.openKeyStore(caller).names());
    }
    KeyArn made = keyOf(theirs, new Alias("alias/theirs"));
    assertEquals(List.of(made.keyId()), kms.listKeys(bob, null, 100).items());
    assertEquals(List.of(key.keyId()), kms.listKeys(ours, null, 100).items());
    assertEquals(List.of("theirs"), kms.openKeyStore(bob).names());
    assertEquals(List.of("app"), kms.openKeyStore(ours).names());
  }

  @Test
  void openKeyStoreStaysOfItsAccountWhateverChanges() {
    KeyStoreView view = kms.openKeyStore(theirs);
    letUse(theirs.arn(), "kms:*");
    kms.createAlias(ours, new Alias("alias/second"), key);
    iam.createUser(ours, "alice", null);
    assertEquals(List.of(), view.names());

    keyOf(theirs, new Alias("alias/theirs"));
    assertEquals(List.of("theirs"), view.names());
  }

  @Test
  void accessKeysAndIdentitiesOfAnotherAccountAreOutOfReach() {
    iam.createUser(ours, "alice", null);
    String access = iam.createAccessKey(ours, "alice").accessKeyId();

    assertThrows(KmsException.NoSuchEntity.class, () -> iam.getAccessKeyLastUsed(theirs, access));
    assertThrows(
        KmsException.NoSuchEntity.class, () -> iam.deleteAccessKey(theirs, "alice", access));
    assertThrows(KmsException.NoSuchEntity.class, () -> iam.get(theirs, IamKind.USER, "alice"));
    assertThrows(
        KmsException.NoSuchEntity.class,
        () ->
            iam.attachPolicy(
                theirs,
                IamKind.USER,
                "bob",
                iam.createPolicy(ours, "ours", allow("kms:*"), "").arn()));
    iam.createUser(theirs, "alice", null);
    assertNotEquals(
        iam.get(ours, IamKind.USER, "alice").id(), iam.get(theirs, IamKind.USER, "alice").id());
  }

  @Test
  void otherProcessKnowsTheAccount() {
    NewAccessKey access = iam.createAccessKey(theirs, "");
    try (Kms other = fixture.secondProcess().get()) {
      Caller root = other.authenticate(access.accessKeyId(), access.secret());
      assertEquals(theirs.accountId(), root.accountId());
      assertEquals(List.of(), other.listKeys(root, null, 10).items());
    }
  }
}
