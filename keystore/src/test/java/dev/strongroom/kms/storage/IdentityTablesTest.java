// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import static dev.strongroom.kms.storage.Samples.ACCOUNT;
import static dev.strongroom.kms.storage.Samples.accessKey;
import static dev.strongroom.kms.storage.Samples.user;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    storage.createUser(user("alice"));

    assertEquals(Optional.of(user("alice")), storage.findUser(ACCOUNT, "alice"));
    assertEquals(Optional.empty(), storage.findUser("111111111111", "alice"));
    assertEquals(Optional.empty(), storage.findUser(ACCOUNT, "bob"));
  }

  @Test
  void usersAreListedByNameWithoutTheRoot() {
    storage.createAccessKey(accessKey("AKIAROOT", ""));
    storage.createUser(user("bob"));
    storage.createUser(user("alice"));

    assertEquals(List.of(user("alice"), user("bob")), storage.listUsers(ACCOUNT));
    assertEquals(Optional.empty(), storage.findUser(ACCOUNT, ""));
  }

  @Test
  void userNameIsTakenOnce() {
    storage.createUser(user("alice"));

    assertThrows(KmsException.AlreadyExists.class, () -> storage.createUser(user("alice")));
    assertThrows(IllegalArgumentException.class, () -> storage.createUser(user("")));
  }

  @Test
  void accessKeyIsReadAsItWasCreated() {
    storage.createUser(user("alice"));
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
        KmsException.NotFound.class,
        () -> storage.createAccessKey(accessKey("AKIAALICE", "alice")));
  }

  @Test
  void thirdAccessKeyOfAUserIsRefused() {
    storage.createUser(user("alice"));
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
    storage.createUser(user("alice"));
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
    assertThrows(KmsException.NotFound.class, () -> storage.updateAccessKey("AKIA2", false));
    storage.verifyAll((done, total) -> {});
  }

  @Test
  void everyChangeOfIdentitiesIsTold() {
    List<Boolean> told = new ArrayList<>();
    storage.onChange((keys, identities) -> told.add(identities && keys.isEmpty()));

    storage.createUser(user("alice"));
    storage.createAccessKey(accessKey("AKIA1", "alice"));
    storage.updateAccessKey("AKIA1", false);

    assertEquals(List.of(true, true, true), told);
  }
}
