// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.KmsException.AccessDenied;
import dev.strongroom.kms.KmsException.Validation;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What administrators who are not the account root cannot do, and what nobody can. */
class IamLimitsTest {
  private static final String POLICY = "arn:aws:iam::000000000000:policy/";
  private static final String ALL =
      """
      {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "*", "Resource": "*"}]}""";

  private KmsFixture fixture;
  private Iam iam;
  private Caller root;

  @BeforeEach
  void open(@TempDir Path home) {
    fixture = KmsFixture.in(home);
    iam = fixture.kms().iam();
    root = fixture.root();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Caller administrator(String policy) {
    Caller admin = fixture.user("admin");
    iam.putPolicy(root, IamKind.USER, "admin", "rights", policy);
    return admin;
  }

  private List<AuditRecord> records(String event) {
    return fixture.kms().lookupEvents(root, AuditQuery.newest(100)).stream()
        .filter(record -> record.eventName().equals(event))
        .toList();
  }

  @Test
  void nobodyButTheRootHasAccessToItsAccessKeysWhateverPoliciesSay() {
    Caller admin = administrator(ALL);
    assertRootsKeysAreOutOfReach(admin);

    iam.createPolicy(root, "limits", ALL, "");
    iam.putPermissionsBoundary(root, IamKind.USER, "admin", POLICY + "limits");
    assertRootsKeysAreOutOfReach(admin);

    NewAccessKey second = iam.createAccessKey(root, "");
    assertEquals(2, iam.listAccessKeys(root, "").size());
    iam.getAccessKeyLastUsed(root, second.accessKeyId());
    iam.updateAccessKey(root, "", second.accessKeyId(), false);
    iam.deleteAccessKey(root, "", second.accessKeyId());
  }

  private void assertRootsKeysAreOutOfReach(Caller caller) {
    String key = iam.listAccessKeys(root, "").get(0).accessKeyId();
    Map<String, Executable> calls =
        Map.of(
            "CreateAccessKey", () -> iam.createAccessKey(caller, ""),
            "ListAccessKeys", () -> iam.listAccessKeys(caller, ""),
            "UpdateAccessKey", () -> iam.updateAccessKey(caller, "", key, false),
            "DeleteAccessKey", () -> iam.deleteAccessKey(caller, "", key),
            "GetAccessKeyLastUsed", () -> iam.getAccessKeyLastUsed(caller, key));
    new TreeMap<>(calls)
        .forEach(
            (event, call) -> {
              AccessDenied denied = assertThrows(AccessDenied.class, call, event);
              AuditRecord record = records(event).stream().reduce((a, b) -> b).orElseThrow();
              assertEquals(Optional.of(caller.arn()), record.callerArn());
              assertEquals(Optional.of(denied.errorCode()), record.errorCode(), event);
            });
    assertEquals(1, iam.listAccessKeys(root, "").size());
    assertTrue(iam.listAccessKeys(root, "").get(0).active());
  }

  @Test
  void managedPolicyIsNotTakenForAUserGroupOrRole() {
    fixture.user("alice");
    iam.createPolicy(root, "use", ALL, "");
    iam.attachPolicy(root, IamKind.USER, "alice", POLICY + "use");

    assertThrows(Validation.class, () -> iam.delete(root, IamKind.POLICY, "use"));
    assertThrows(Validation.class, () -> iam.get(root, IamKind.POLICY, "use"));
    assertThrows(Validation.class, () -> iam.list(root, IamKind.POLICY));
    assertThrows(Validation.class, () -> iam.listPolicies(root, IamKind.POLICY, "use"));
    assertEquals(1, iam.getPolicy(root, POLICY + "use").attachmentCount());
  }

  @Test
  void descriptionsHaveAThousandCharactersAtMost() {
    String trust =
        """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Action": "sts:AssumeRole",
           "Principal": {"AWS": "arn:aws:iam::000000000000:root"}}]}""";
    String longest = "x".repeat(1000);
    String longer = longest + "x";
    Iam.CreateRoleRequest role = new Iam.CreateRoleRequest(trust, longest, null, null);
    iam.createRole(root, "batch", role);
    iam.updateRole(root, "batch", null, longest);
    iam.createPolicy(root, "use", ALL, longest);

    assertThrows(Validation.class, () -> iam.updateRole(root, "batch", null, longer));
    assertThrows(Validation.class, () -> iam.createPolicy(root, "other", ALL, longer));
    Iam.CreateRoleRequest other = new Iam.CreateRoleRequest(trust, longer, null, null);
    assertThrows(Validation.class, () -> iam.createRole(root, "other", other));
  }

  @Test
  void userWithRightsOnItselfSeesTheLastUseOfItsOwnKeysOnly() {
    Caller admin =
        administrator(
            """
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Allow", "Action": "iam:*",
               "Resource": "arn:aws:iam::*:user/${aws:username}"}]}""");
    Caller other = fixture.user("other");

    assertEquals("admin", iam.getAccessKeyLastUsed(admin, admin.accessKeyId()).userName());
    for (String id : List.of(other.accessKeyId(), "AKIAUNKNOWNUNKNOWN22")) {
      assertThrows(AccessDenied.class, () -> iam.getAccessKeyLastUsed(admin, id));
    }
    assertThrows(
        KmsException.NoSuchEntity.class,
        () -> iam.getAccessKeyLastUsed(root, "AKIAUNKNOWNUNKNOWN22"));
  }

  @Test
  void administratorMayBeHeldToUsersThatHaveABoundary() {
    iam.createPolicy(root, "limits", ALL, "");
    iam.createPolicy(root, "use", ALL, "");
    Caller admin =
        administrator(
            """
            {"Version": "2012-10-17", "Statement": [
              {"Effect": "Allow", "Action": ["iam:*UserPolicy", "iam:*UserPermissionsBoundary"],
               "Resource": "*",
               "Condition": {"ArnEquals": {"iam:PermissionsBoundary": "%slimits"}}}]}"""
                .formatted(POLICY));
    iam.createUser(root, "bounded", POLICY + "limits");
    iam.createUser(root, "other", POLICY + "use");
    iam.createUser(root, "free", null);

    for (String name : List.of("other", "free", "nobody")) {
      changes(admin, name)
          .forEach((what, change) -> assertThrows(AccessDenied.class, change, name + what));
    }
    changes(admin, "bounded").forEach((what, change) -> assertDoesNotThrow(change, what));
    assertEquals(Optional.empty(), iam.get(root, IamKind.USER, "bounded").boundary());
  }

  /** What changes a user's rights, in an order in which all of it can be done. */
  private Map<String, Executable> changes(Caller admin, String name) {
    return new TreeMap<>(
        Map.of(
            "1 put", () -> iam.putPolicy(admin, IamKind.USER, name, "p", ALL),
            "2 delete", () -> iam.deletePolicy(admin, IamKind.USER, name, "p"),
            "3 attach", () -> iam.attachPolicy(admin, IamKind.USER, name, POLICY + "use"),
            "4 detach", () -> iam.detachPolicy(admin, IamKind.USER, name, POLICY + "use"),
            "5 boundary", () -> iam.deletePermissionsBoundary(admin, IamKind.USER, name)));
  }

  @Test
  void groupIsReadInOneCall() {
    iam.createGroup(root, "users");

    iam.getGroup(root, "users");

    assertEquals(1, records("GetGroup").size());
  }
}
