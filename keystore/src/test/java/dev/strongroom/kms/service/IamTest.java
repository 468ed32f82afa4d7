// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.KmsException.AccessDenied;
import dev.strongroom.kms.KmsException.DeleteConflict;
import dev.strongroom.kms.KmsException.NoSuchEntity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Users, groups and policies, and what they do to calls. */
class IamTest {
  private static final String ENCRYPT = allow("kms:GenerateDataKey");
  private static final String POLICY = "arn:aws:iam::000000000000:policy/";

  private KmsFixture fixture;
  private Iam iam;
  private Caller root;
  private KeyId key;

  @BeforeEach
  void open(@TempDir Path home) {
    fixture = KmsFixture.in(home);
    iam = fixture.kms().iam();
    root = fixture.root();
    key = fixture.symmetricKey();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private static String allow(String action) {
    return statement("Allow", action);
  }

  private static String statement(String effect, String action) {
    return """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "%s", "Action": "%s", "Resource": "*"}]}"""
        .formatted(effect, action);
  }

  private void use(Caller caller) {
    fixture.kms().generateDataKey(caller, key, 32, EncryptionContext.EMPTY).destroy();
  }

  private void assertMay(Caller caller) {
    use(caller);
  }

  private void assertMayNot(Caller caller) {
    assertThrows(AccessDenied.class, () -> use(caller));
  }

  @Test
  void inlinePolicyGivesRightsAndItsDeletionTakesThemAtOnce() {
    Caller alice = fixture.user("alice");
    assertMayNot(alice);

    iam.putPolicy(root, IamKind.USER, "alice", "use", ENCRYPT);
    assertMay(alice);
    assertEquals(ENCRYPT, iam.getPolicy(root, IamKind.USER, "alice", "use"));
    assertEquals(List.of("use"), iam.listPolicies(root, IamKind.USER, "alice"));

    iam.deletePolicy(root, IamKind.USER, "alice", "use");
    assertMayNot(alice);
    assertThrows(NoSuchEntity.class, () -> iam.getPolicy(root, IamKind.USER, "alice", "use"));
  }

  @Test
  void managedPolicyCountsInItsDefaultVersion() {
    Caller alice = fixture.user("alice");
    Iam.ManagedPolicy policy = iam.createPolicy(root, "use", ENCRYPT, "for the batch");
    assertEquals(POLICY + "use", policy.arn());
    iam.attachPolicy(root, IamKind.USER, "alice", policy.arn());
    assertMay(alice);

    iam.createPolicyVersion(root, policy.arn(), statement("Deny", "kms:*"), false);
    assertMay(alice);
    iam.setDefaultPolicyVersion(root, policy.arn(), "v2");
    assertMayNot(alice);

    assertEquals("v2", iam.getPolicy(root, policy.arn()).defaultVersionId());
    assertEquals(
        List.of("v2", "v1"),
        iam.listPolicyVersions(root, policy.arn()).stream()
            .map(Iam.PolicyVersion::versionId)
            .toList());
    assertThrows(DeleteConflict.class, () -> iam.deletePolicyVersion(root, policy.arn(), "v2"));
    iam.deletePolicyVersion(root, policy.arn(), "v1");
    assertThrows(NoSuchEntity.class, () -> iam.getPolicyVersion(root, policy.arn(), "v1"));
    assertEquals(1, iam.getPolicy(root, policy.arn()).attachmentCount());
    iam.detachPolicy(root, IamKind.USER, "alice", policy.arn());
    iam.deletePolicy(root, policy.arn());
    assertEquals(List.of(), iam.listPolicies(root));
  }

  @Test
  void groupsShareTheirPoliciesWithTheirUsers() {
    Caller alice = fixture.user("alice");
    iam.createGroup(root, "users");
    iam.putPolicy(root, IamKind.GROUP, "users", "use", ENCRYPT);
    assertMayNot(alice);

    iam.addUserToGroup(root, "users", "alice");
    assertMay(alice);
    Iam.GroupMembers members = iam.getGroup(root, "users");
    assertEquals(iam.get(root, IamKind.GROUP, "users"), members.group());
    assertEquals(List.of("alice"), names(members.users()));
    assertEquals(List.of("users"), names(iam.listGroupsForUser(root, "alice")));

    iam.removeUserFromGroup(root, "users", "alice");
    assertMayNot(alice);
  }

  private static List<String> names(List<Iam.Entity> entities) {
    return entities.stream().map(Iam.Entity::name).toList();
  }

  @Test
  void boundaryLimitsWhatPoliciesGive() {
    Caller alice = fixture.user("alice");
    iam.putPolicy(root, IamKind.USER, "alice", "all", allow("kms:*"));
    iam.createPolicy(root, "limits", allow("kms:Describe*"), "");
    assertMay(alice);

    iam.putPermissionsBoundary(root, IamKind.USER, "alice", POLICY + "limits");
    assertMayNot(alice);
    fixture.kms().describeKey(alice, key);
    assertEquals(Optional.of(POLICY + "limits"), iam.get(root, IamKind.USER, "alice").boundary());
    assertThrows(DeleteConflict.class, () -> iam.deletePolicy(root, POLICY + "limits"));

    iam.deletePermissionsBoundary(root, IamKind.USER, "alice");
    assertMay(alice);
  }

  @Test
  void deniedByOnePolicyIsDenied() {
    Caller alice = fixture.user("alice");
    iam.putPolicy(root, IamKind.USER, "alice", "use", ENCRYPT);
    iam.putPolicy(root, IamKind.USER, "alice", "not", statement("Deny", "kms:Generate*"));

    assertMayNot(alice);
  }

  @Test
  void deletionIsRefusedWhileThereIsSomethingLeft() {
    fixture.user("alice");
    iam.createGroup(root, "users");
    iam.addUserToGroup(root, "users", "alice");
    iam.putPolicy(root, IamKind.USER, "alice", "use", ENCRYPT);
    iam.createPolicy(root, "use", ENCRYPT, "");
    iam.attachPolicy(root, IamKind.USER, "alice", POLICY + "use");

    List<Runnable> steps =
        List.of(
            () -> iam.deletePolicy(root, IamKind.USER, "alice", "use"),
            () -> iam.detachPolicy(root, IamKind.USER, "alice", POLICY + "use"),
            () -> iam.removeUserFromGroup(root, "users", "alice"),
            () ->
                iam.deleteAccessKey(
                    root, "alice", iam.listAccessKeys(root, "alice").get(0).accessKeyId()));
    assertThrows(DeleteConflict.class, () -> iam.delete(root, IamKind.GROUP, "users"));
    assertThrows(DeleteConflict.class, () -> iam.deletePolicy(root, POLICY + "use"));
    for (Runnable step : steps) {
      assertThrows(DeleteConflict.class, () -> iam.delete(root, IamKind.USER, "alice"));
      step.run();
    }

    iam.delete(root, IamKind.USER, "alice");
    iam.delete(root, IamKind.GROUP, "users");
    assertThrows(NoSuchEntity.class, () -> iam.get(root, IamKind.USER, "alice"));
  }

  @Test
  void deletedAndStoppedAccessKeysRefuseTheNextCall() {
    iam.createUser(root, "alice", null);
    NewAccessKey first = iam.createAccessKey(root, "alice");
    NewAccessKey second = iam.createAccessKey(root, "alice");
    iam.putPolicy(root, IamKind.USER, "alice", "use", ENCRYPT);
    Caller one = fixture.kms().authenticate(first.accessKeyId(), first.secret());
    Caller two = fixture.kms().authenticate(second.accessKeyId(), second.secret());
    assertMay(one);
    assertMay(two);

    iam.updateAccessKey(root, "alice", first.accessKeyId(), false);
    assertThrows(KmsException.UnrecognizedClient.class, () -> use(one));
    assertMay(two);
    iam.updateAccessKey(root, "alice", first.accessKeyId(), true);
    assertMay(one);
    iam.deleteAccessKey(root, "alice", second.accessKeyId());
    assertThrows(KmsException.UnrecognizedClient.class, () -> use(two));
    assertThrows(
        NoSuchEntity.class, () -> iam.updateAccessKey(root, "", first.accessKeyId(), false));
  }

  @Test
  void userManagesItsOwnKeysWhereAPolicySaysSo() {
    Caller alice = fixture.user("alice");
    fixture.user("bob");
    assertThrows(AccessDenied.class, () -> iam.createAccessKey(alice, "alice"));

    iam.putPolicy(
        root,
        IamKind.USER,
        "alice",
        "own-keys",
        """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Action": "iam:*AccessKey*",
           "Resource": "arn:aws:iam::*:user/${aws:username}"}]}""");

    NewAccessKey second = iam.createAccessKey(alice, "alice");
    assertEquals(2, iam.listAccessKeys(alice, "alice").size());
    iam.deleteAccessKey(alice, "alice", second.accessKeyId());
    assertThrows(AccessDenied.class, () -> iam.createAccessKey(alice, "bob"));
    assertThrows(AccessDenied.class, () -> iam.listAccessKeys(alice, ""));
  }

  @Test
  void administratorMayBeHeldToABoundaryForOthers() {
    Caller admin = fixture.user("admin");
    iam.createPolicy(root, "limits", allow("kms:Describe*"), "");
    iam.putPolicy(
        root,
        IamKind.USER,
        "admin",
        "make-users",
        """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Action": "iam:CreateUser", "Resource": "*",
           "Condition": {"ArnEquals": {"iam:PermissionsBoundary": "%slimits"}}}]}"""
            .formatted(POLICY));

    assertThrows(AccessDenied.class, () -> iam.createUser(admin, "eve", null));
    iam.createUser(admin, "bob", POLICY + "limits");
    assertThrows(AccessDenied.class, () -> iam.get(admin, IamKind.USER, "bob"));
  }

  @Test
  void badPolicyIsRefusedWithItsPlace() {
    iam.createUser(root, "alice", null);
    String bad =
        """
        {"Version": "2012-10-17",
         "Statement": [{"Effect": "Alow", "Action": "kms:*", "Resource": "*"}]}""";

    for (Consumer<String> put :
        List.<Consumer<String>>of(
            text -> iam.putPolicy(root, IamKind.USER, "alice", "p", text),
            text -> iam.createPolicy(root, "p", text, ""))) {
      KmsException e =
          assertThrows(KmsException.MalformedPolicyDocument.class, () -> put.accept(bad));
      String message = String.valueOf(e.getMessage());
      assertTrue(message.contains("ine 2"), message);
      assertTrue(message.contains("Allow"), message);
    }
  }

  @Test
  void limitsAreThoseOfAws() {
    iam.createUser(root, "alice", null);
    String half =
        allow("kms:Decrypt").replace("\"*\"", "\"arn:aws:kms:*:*:key/" + "k".repeat(1000) + "\"");
    iam.putPolicy(root, IamKind.USER, "alice", "one", half);
    assertThrows(
        KmsException.LimitExceeded.class,
        () -> iam.putPolicy(root, IamKind.USER, "alice", "two", half));

    for (int i = 1; i <= 11; i++) {
      iam.createPolicy(root, "p" + i, ENCRYPT, "");
      String arn = POLICY + "p" + i;
      if (i <= 10) {
        iam.attachPolicy(root, IamKind.USER, "alice", arn);
      } else {
        assertThrows(
            KmsException.LimitExceeded.class,
            () -> iam.attachPolicy(root, IamKind.USER, "alice", arn));
      }
    }
    for (int i = 2; i <= 5; i++) {
      iam.createPolicyVersion(root, POLICY + "p1", ENCRYPT, true);
    }
    assertThrows(
        KmsException.LimitExceeded.class,
        () -> iam.createPolicyVersion(root, POLICY + "p1", ENCRYPT, true));
  }

  @Test
  void namesFollowTheirSyntaxAndAreTakenOnce() {
    for (String good : List.of("a", "Alice_1+=,.@-", "x".repeat(64))) {
      assertEquals(good, iam.createUser(root, good, null).name());
      assertThrows(KmsException.EntityAlreadyExists.class, () -> iam.createUser(root, good, null));
    }
    for (String bad : List.of("", "a b", "a/b", "é", "x".repeat(65), "a\n")) {
      assertThrows(KmsException.Validation.class, () -> iam.createUser(root, bad, null), bad);
    }
  }

  @Test
  void idsHaveTheirForm() {
    assertTrue(iam.createUser(root, "a", null).id().matches("AIDA[A-Z2-7]{16}"));
    assertTrue(iam.createGroup(root, "a").id().matches("AGPA[A-Z2-7]{16}"));
    assertTrue(iam.createPolicy(root, "a", ENCRYPT, "").id().matches("ANPA[A-Z2-7]{16}"));
  }

  @Test
  void changeInOneProcessCountsInTheOther(TestReporter reporter) throws InterruptedException {
    NewAccessKey access = userWithKey("alice");
    try (EmbeddedKms other = fixture.secondProcess().get()) {
      Caller there = other.authenticate(access.accessKeyId(), access.secret());
      List<Long> waits = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        iam.putPolicy(root, IamKind.USER, "alice", "use", ENCRYPT);
        waits.add(Waits.millisUntil(() -> isAllowed(other, there)));
        iam.deletePolicy(root, IamKind.USER, "alice", "use");
        waits.add(Waits.millisUntil(() -> !isAllowed(other, there)));
      }
      // 100 ms are promised, which a machine with other work to do cannot keep at any time.
      reporter.publishEntry("milliseconds until a change counts", waits.toString());
    }
  }

  private NewAccessKey userWithKey(String name) {
    iam.createUser(root, name, null);
    return iam.createAccessKey(root, name);
  }

  private boolean isAllowed(Kms kms, Caller caller) {
    try {
      kms.generateDataKey(caller, key, 32, EncryptionContext.EMPTY).destroy();
      return true;
    } catch (AccessDenied e) {
      return false;
    }
  }
}
