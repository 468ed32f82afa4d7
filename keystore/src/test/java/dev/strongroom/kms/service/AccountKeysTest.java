// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.AliasArn;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.KmsException.AccessDenied;
import dev.strongroom.kms.KmsException.NotFound;
import dev.strongroom.kms.Operation;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What callers of one account can do with keys of another. */
class AccountKeysTest extends AccountScene {
  AccountKeysTest(@TempDir Path home) {
    super(home);
  }

  private AliasArn arn(Alias alias) {
    return new AliasArn(key.place(), alias);
  }

  @Test
  void foreignAndMissingKeysAreRefusedAlike() {
    KeyArn missing = new KeyArn(key.place(), new KeyId(UUID.randomUUID()));
    byte[] blob = encrypt(ours, key);
    byte[] forged = blob.clone();
    forged[3] ^= 1; // the key id

    for (Caller caller : List.of(theirs, bob)) {
      for (Consumer<KeyRef> call : calls(caller)) {
        assertAlike(AccessDenied.class, () -> call.accept(key), () -> call.accept(missing));
        assertAlike(
            AccessDenied.class,
            () -> call.accept(arn(APP)),
            () -> call.accept(arn(new Alias("alias/none"))));
      }
    }
    for (Consumer<KeyRef> call : calls(theirs)) {
      assertAlike(
          NotFound.class, () -> call.accept(key.keyId()), () -> call.accept(missing.keyId()));
      assertThrows(NotFound.class, () -> call.accept(APP));
    }
    assertAlike(
        KmsException.InvalidCiphertext.class,
        () -> decrypt(theirs, blob),
        () -> decrypt(theirs, forged));
    assertAlike(AccessDenied.class, () -> decrypt(bob, blob), () -> decrypt(bob, forged));
  }

  private List<Consumer<KeyRef>> calls(Caller caller) {
    return List.of(
        ref -> kms.describeKey(caller, ref),
        ref -> encrypt(caller, ref),
        ref -> kms.getKeyPolicy(caller, ref),
        ref -> kms.disableKey(caller, ref),
        ref -> kms.explain(caller, ExplainRequest.of(caller.arn(), Operation.DECRYPT, ref)));
  }

  @Test
  void otherAccountNeedsTheKeyPolicyAndAPolicyOfItsOwn() {
    letUse(theirs.accountId(), "kms:*");
    Caller carol = user(theirs, "carol");
    assertThrows(AccessDenied.class, () -> encrypt(carol, key));
    iam.putPolicy(theirs, IamKind.USER, "carol", "use", allow("kms:Encrypt"));
    byte[] blob = encrypt(carol, key);

    assertArrayEquals(HELLO, decrypt(ours, blob));
    assertThrows(AccessDenied.class, () -> decrypt(carol, blob));
    assertArrayEquals(HELLO, decrypt(bob, blob));
    encrypt(bob, arn(APP));
    assertThrows(AccessDenied.class, () -> encrypt(bob, key.keyId()));
    assertThrows(AccessDenied.class, () -> encrypt(bob, APP));
  }

  @Test
  void nameInTheKeyPolicyIsNotEnoughForOtherAccounts() {
    Caller carol = user(theirs, "carol");
    letUse(carol.arn(), "kms:Encrypt");
    assertThrows(AccessDenied.class, () -> encrypt(carol, key));

    iam.putPolicy(theirs, IamKind.USER, "carol", "use", allow("kms:Encrypt"));
    encrypt(carol, key);
    assertThrows(AccessDenied.class, () -> encrypt(bob, key));
  }

  @Test
  void administrationNeverCrossesAccounts() {
    letUse(theirs.accountId(), "kms:*");

    assertEquals(key, kms.describeKey(bob, key).arn());
    List<Runnable> never =
        List.of(
            () -> kms.getKeyPolicy(bob, key),
            () -> kms.putKeyPolicy(bob, key, kms.getKeyPolicy(ours, key)),
            () -> kms.disableKey(bob, key),
            () -> kms.updateKeyDescription(bob, key, "mine"),
            () -> kms.createAlias(bob, new Alias("alias/stolen"), key),
            () -> kms.explain(bob, ExplainRequest.of(ours.arn(), Operation.DECRYPT, key)));
    for (Runnable call : never) {
      assertThrows(AccessDenied.class, call::run);
    }
    assertThrows(KmsException.Validation.class, () -> kms.listAliases(bob, key, null, 100));
  }

  @Test
  void grantLetsAnotherAccountInAndEndsAgain() {
    CreateGrantResult grant =
        kms.createGrant(ours, CreateGrantRequest.of(key, bob.arn(), Set.of(Operation.ENCRYPT)));
    encrypt(bob, key);
    assertThrows(AccessDenied.class, () -> kms.describeKey(bob, key));

    kms.revokeGrant(ours, key, grant.grantId());
    assertThrows(AccessDenied.class, () -> encrypt(bob, key));
  }

  @Test
  void grantTokenOfAnotherAccountRetiresItsGrant() {
    CreateGrantResult grant =
        kms.createGrant(
            ours,
            CreateGrantRequest.of(key, bob.arn(), Set.of(Operation.ENCRYPT))
                .withRetiringPrincipal(bob.arn()));
    assertEquals(
        List.of(key),
        kms.listRetirableGrants(bob, bob.arn(), null, 10).items().stream()
            .map(GrantListEntry::key)
            .toList());
    assertThrows(
        KmsException.Validation.class, () -> kms.listRetirableGrants(bob, ours.arn(), null, 10));

    kms.retireGrant(bob, grant.grantToken());
    assertThrows(AccessDenied.class, () -> encrypt(bob, key));
  }

  @Test
  void explanationsShowNothingOfTheOtherAccount() {
    iam.putPolicy(theirs, IamKind.USER, "bob", "secret-name", allow("kms:Encrypt"));
    String ofTheirs =
        kms.explain(ours, ExplainRequest.of(bob.arn(), Operation.DECRYPT, key)).text();
    String ofNobody =
        kms.explain(
                ours, ExplainRequest.of(bob.arn().replace("bob", "nobody"), Operation.DECRYPT, key))
            .text();
    assertEquals(ofNobody.replace("nobody", "bob"), ofTheirs);
    assertThrows(
        NotFound.class,
        () -> kms.explain(ours, ExplainRequest.inAccount(bob.arn(), Operation.LIST_KEYS)));

    String refusal =
        String.valueOf(
            assertThrows(AccessDenied.class, () -> encrypt(user(ours, "alice"), key)).getMessage());
    UUID id = UUID.fromString(refusal.replaceAll(".*--request-id ([0-9a-f-]{36}).*", "$1"));
    assertAlike(
        NotFound.class,
        () -> kms.explainRequest(theirs, id),
        () -> kms.explainRequest(theirs, UUID.randomUUID()));
  }
}
