// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import static dev.strongroom.kms.storage.Samples.ACCOUNT;
import static dev.strongroom.kms.storage.Samples.accessKey;
import static dev.strongroom.kms.storage.Samples.part;
import static dev.strongroom.kms.storage.Samples.user;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IdentityTablesTest {
  private KeyStorage storage;

  @BeforeEach
  void open() {
    storage = Samples.open("jdbc:sqlite::memory:");
  }

  @AfterEach
  void close() {
    storage.close();
  }

  @Test
  void userIsReadAsItWasCreated() {
    Samples.put(storage, Samples.user("alice"));

    assertEquals(Optional.of(user("alice")), storage.find(IamKind.USER, ACCOUNT, "alice"));
    assertEquals(Optional.empty(), storage.find(IamKind.USER, "111111111111", "alice"));
    assertEquals(Optional.empty(), storage.find(IamKind.USER, ACCOUNT, "bob"));
  }

  @Test
  void usersAreListedByNameWithoutTheRoot() {
    storage.createAccessKey(accessKey("AKIAROOT", ""));
    Samples.put(storage, Samples.user("bob"));
    Samples.put(storage, Samples.user("alice"));

    assertEquals(List.of(user("alice"), user("bob")), storage.list(IamKind.USER, ACCOUNT));
    assertEquals(Optional.empty(), storage.find(IamKind.USER, ACCOUNT, ""));
  }

  @Test
  void nobodyIsWithoutAName() {
    assertThrows(IllegalArgumentException.class, () -> Samples.put(storage, user("")));
  }

  @Test
  void everyKindIsReadAsItWasPut() {
    for (IamKind kind : IamKind.values()) {
      IamRecord record =
          Samples.entity(
              kind,
              "name",
              part(IamPart.Type.INLINE, "one", "{\"é\": 1}"),
              part(IamPart.Type.ATTACHED, "arn", ""));
      Samples.put(storage, record);

      assertEquals(Optional.of(record), storage.find(kind, ACCOUNT, "name"));
      assertEquals(List.of(record), storage.list(kind, ACCOUNT));
      assertEquals(List.of(), storage.list(kind, "111111111111"));
    }
    storage.verifyAll((done, total) -> {});
  }

  @Test
  void partsComeAndGo() {
    IamRecord alice = user("alice").with(part(IamPart.Type.INLINE, "one", "1"));
    Samples.put(storage, alice);
    Samples.put(storage, alice.with(part(IamPart.Type.INLINE, "one", "2")));
    assertEquals(
        "2",
        storage
            .find(IamKind.USER, ACCOUNT, "alice")
            .orElseThrow()
            .part(IamPart.Type.INLINE, "one")
            .orElseThrow()
            .text());

    Samples.put(storage, alice.without(IamPart.Type.INLINE, "one"));
    assertEquals(Optional.of(user("alice")), storage.find(IamKind.USER, ACCOUNT, "alice"));
    storage.verifyAll((done, total) -> {});
  }

  @Test
  void accessKeysAndPoliciesOfAUserDoNotTouchEachOther() {
    IamRecord alice = user("alice").with(part(IamPart.Type.INLINE, "one", "1"));
    Samples.put(storage, alice);
    storage.createAccessKey(accessKey("AKIA1", "alice"));
    storage.createAccessKey(accessKey("AKIA2", "alice"));
    Samples.put(storage, alice.with(part(IamPart.Type.INLINE, "two", "2")));
    storage.deleteAccessKey("AKIA1");

    assertEquals(
        List.of("AKIA2"),
        storage.listAccessKeys(ACCOUNT, "alice").stream().map(AccessKeyRow::accessKeyId).toList());
    assertEquals(2, storage.find(IamKind.USER, ACCOUNT, "alice").orElseThrow().parts().size());
    storage.verifyAll((done, total) -> {});
  }

  @Test
  void whatWasDeletedIsGone() {
    for (IamKind kind : IamKind.values()) {
      IamRecord record = Samples.entity(kind, "name", part(IamPart.Type.INLINE, "one", "1"));
      Samples.put(storage, record);
      storage.change(
          edit -> {
            edit.delete(record);
            return true;
          });

      assertEquals(Optional.empty(), storage.find(kind, ACCOUNT, "name"));
      storage.verifyAll((done, total) -> {});
    }
  }

  @Test
  void userWithAccessKeysIsNotDeleted() {
    Samples.put(storage, user("alice"));
    storage.createAccessKey(accessKey("AKIA1", "alice"));

    assertThrows(
        IllegalArgumentException.class,
        () ->
            storage.change(
                edit -> {
                  edit.delete(user("alice"));
                  return true;
                }));
  }

  @Test
  void holdersOfAPartAreFound() {
    Samples.put(storage, user("alice").with(part(IamPart.Type.GROUP, "admins", "")));
    Samples.put(storage, user("bob").with(part(IamPart.Type.GROUP, "users", "")));

    List<String> holders =
        storage.view(view -> view.holders(IamKind.USER, ACCOUNT, IamPart.Type.GROUP, "admins"));

    assertEquals(List.of("alice"), holders);
  }

  @Test
  void boundaryIsOneAndItsHoldersAreFound() {
    IamRecord alice = user("alice").boundedBy("arn:one", Samples.NOW);
    Samples.put(storage, alice);
    Samples.put(storage, alice.boundedBy("arn:two", Samples.NOW));

    assertEquals(
        Optional.of("arn:two"),
        storage.find(IamKind.USER, ACCOUNT, "alice").flatMap(IamRecord::boundary));
    assertEquals(List.of(), holders("arn:one"));
    assertEquals(List.of("alice"), holders("arn:two"));
    Samples.put(storage, alice.unbounded());
    assertEquals(Optional.of(user("alice")), storage.find(IamKind.USER, ACCOUNT, "alice"));
  }

  private List<String> holders(String boundary) {
    return storage.view(
        view -> view.holders(IamKind.USER, ACCOUNT, IamPart.Type.BOUNDARY, boundary));
  }

  @Test
  void lastUseIsKeptWithoutANoticeAndGoesWithItsKey() {
    storage.createAccessKey(accessKey("AKIA1", ""));
    List<Boolean> told = new ArrayList<>();
    storage.onChange((keys, identities) -> told.add(identities));
    AccessKeyUse use = new AccessKeyUse("AKIA1", Samples.NOW, "kms", "local");

    storage.saveUses(List.of(use, new AccessKeyUse("AKIAGONE", Samples.NOW, "kms", "local")));

    assertEquals(List.of(), told);
    assertEquals(Optional.of(use), storage.findUse("AKIA1"));
    assertEquals(Optional.empty(), storage.findUse("AKIAGONE"));
    storage.deleteAccessKey("AKIA1");
    assertEquals(Optional.empty(), storage.findUse("AKIA1"));
    storage.verifyAll((done, total) -> {});
  }

  @Test
  void accessKeyIsReadAsItWasCreated() {
    Samples.put(storage, Samples.user("alice"));
    AccessKeyRow created = accessKey("AKIAALICE", "alice");
    storage.createAccessKey(created);

    AccessKeyRow read = storage.findAccessKey("AKIAALICE").orElseThrow();

    assertEquals(created.accessKeyId(), read.accessKeyId());
    assertEquals(created.account(), read.account());
    assertEquals(created.userName(), read.userName());
    assertArrayEquals(created.verifier(), read.verifier());
    assertTrue(read.isActive());
    assertEquals(created.creationDate(), read.creationDate());
    assertEquals(Optional.empty(), storage.findAccessKey("AKIAOTHER"));
  }

  @Test
  void accessKeyNeedsItsUser() {
    assertThrows(
        KmsException.NoSuchEntity.class,
        () -> storage.createAccessKey(accessKey("AKIAALICE", "alice")));
  }

  @Test
  void thirdAccessKeyOfAUserIsRefused() {
    Samples.put(storage, Samples.user("alice"));
    for (String owner : List.of("", "alice")) {
      storage.createAccessKey(accessKey("AKIA1" + owner, owner));
      storage.createAccessKey(accessKey("AKIA2" + owner, owner));

      assertThrows(
          KmsException.LimitExceeded.class,
          () -> storage.createAccessKey(accessKey("AKIA3" + owner, owner)));
      assertEquals(2, storage.listAccessKeys(ACCOUNT, owner).size());
    }
  }

  @Test
  void accessKeyIdIsTakenOnceAmongAllUsers() {
    Samples.put(storage, Samples.user("alice"));
    storage.createAccessKey(accessKey("AKIA1", ""));

    assertThrows(
        KmsException.AlreadyExists.class,
        () -> storage.createAccessKey(accessKey("AKIA1", "alice")));
  }

  @Test
  void accessKeyIsStoppedAndStartedAgain() {
    storage.createAccessKey(accessKey("AKIA1", ""));

    storage.updateAccessKey("AKIA1", false);
    assertFalse(storage.findAccessKey("AKIA1").orElseThrow().isActive());

    storage.updateAccessKey("AKIA1", true);
    assertTrue(storage.findAccessKey("AKIA1").orElseThrow().isActive());
    assertThrows(KmsException.NoSuchEntity.class, () -> storage.updateAccessKey("AKIA2", false));
    storage.verifyAll((done, total) -> {});
  }

  @Test
  void everyChangeOfIdentitiesIsTold() {
    List<Boolean> told = new ArrayList<>();
    storage.onChange((keys, identities) -> told.add(identities && keys.isEmpty()));

    Samples.put(storage, Samples.user("alice"));
    storage.createAccessKey(accessKey("AKIA1", "alice"));
    storage.updateAccessKey("AKIA1", false);

    assertEquals(List.of(true, true, true), told);
  }
}
