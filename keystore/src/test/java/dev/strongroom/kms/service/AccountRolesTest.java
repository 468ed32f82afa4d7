// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.KmsException.AccessDenied;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.audit.CloudTrailJson;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Roles that another account assumes. */
class AccountRolesTest extends AccountScene {
  AccountRolesTest(@TempDir Path home) {
    super(home);
  }

  private Caller assume(Caller caller, String role) {
    Sts.AssumeRoleRequest request = Sts.AssumeRoleRequest.of(role, "session");
    try (Credentials credentials = kms.sts().assumeRole(caller, request).credentials()) {
      return kms.authenticate(credentials);
    }
  }

  @Test
  void roleOfAnotherAccountIsAssumedWhereBothSidesLetIt() {
    iam.createRole(
        ours, "guests", new Iam.CreateRoleRequest(trust(theirs.accountId()), null, null, null));
    iam.putPolicy(ours, IamKind.ROLE, "guests", "use", allow("kms:Encrypt"));
    String role = IamKind.ROLE.arn(ours.accountId(), "guests");
    Caller carol = user(theirs, "carol");

    Caller guest = assume(bob, role);
    assertEquals(ours.accountId(), guest.accountId());
    encrypt(guest, APP);
    assertThrows(AccessDenied.class, () -> assume(carol, role));
    iam.updateAssumeRolePolicy(ours, "guests", trust(ours.accountId()));
    assertAlike(
        AccessDenied.class,
        () -> assume(bob, role),
        () -> assume(bob, IamKind.ROLE.arn(ours.accountId(), "guests")));
    assertThrows(AccessDenied.class, () -> assume(bob, role));
  }

  @Test
  void roleIsAssumedOnTheRecordOfBothAccounts() {
    iam.createRole(ours, "guests", new Iam.CreateRoleRequest(trust(bob.arn()), null, null, null));
    iam.createPolicy(ours, "limits", allow("kms:*"), "");
    String limits = IamKind.POLICY.arn(ours.accountId(), "limits");
    Sts.AssumeRoleRequest narrowed =
        new Sts.AssumeRoleRequest(
            IamKind.ROLE.arn(ours.accountId(), "guests"),
            "night",
            null,
            allow("kms:Encrypt"),
            List.of(limits),
            "case-7");
    kms.sts().assumeRole(bob, narrowed);

    AuditRecord seenByThem = only(kms.lookupEvents(theirs, AuditQuery.newest(1000)), "AssumeRole");
    AuditRecord seenByUs = only(kms.lookupEvents(ours, AuditQuery.newest(1000)), "AssumeRole");
    assertEquals(allow("kms:Encrypt"), seenByThem.parameters().get("policy"));
    assertEquals(Optional.empty(), seenByThem.decidedBy());
    assertFalse(seenByUs.parameters().containsKey("policy"));
    assertEquals(limits, seenByUs.parameters().get("policyArns"));
    assertEquals("case-7", seenByUs.parameters().get("externalId"));
    assertTrue(seenByUs.decidedBy().isPresent());
    assertEquals(Optional.of(bob.arn()), seenByUs.callerArn());
    assertShared(seenByThem, theirs.accountId());
    assertShared(seenByUs, ours.accountId());
    Caller third = rootOf(kms.organizations().createAccount(ours, "third"));
    assertEquals(List.of(), named(kms.lookupEvents(third, AuditQuery.newest(1000)), "AssumeRole"));
  }

  /** One record has one id, by which both accounts can speak of it. */
  private void assertShared(AuditRecord record, String recipient) {
    Map<String, ?> event = CloudTrailJson.event(record, kms.place());
    assertEquals(recipient, event.get("recipientAccountId"));
    assertEquals(record.eventId().toString(), event.get("sharedEventID"));
    assertEquals(event.get("eventID"), event.get("sharedEventID"));
    String shown = String.valueOf(event.get("requestParameters"));
    assertTrue(shown.contains("roleSessionName=night"), shown);
    assertFalse(shown.contains("AccountId"), shown);
  }

  @Test
  void failureOfACallThatAssumesARoleTellsItsAccountNothingOfThePolicy() {
    iam.createRole(ours, "guests", new Iam.CreateRoleRequest(trust(bob.arn()), null, null, null));
    Sts.AssumeRoleRequest broken =
        new Sts.AssumeRoleRequest(
            IamKind.ROLE.arn(ours.accountId(), "guests"),
            "night",
            null,
            "{\"Confidential\": 1}",
            List.of(),
            null);
    assertThrows(
        KmsException.MalformedPolicyDocument.class, () -> kms.sts().assumeRole(bob, broken));

    List<AuditRecord> seen = named(kms.lookupEvents(ours, AuditQuery.newest(1000)), "AssumeRole");
    assertEquals(
        List.of(Optional.empty(), Optional.of("MalformedPolicyDocumentException")),
        seen.stream().map(AuditRecord::errorCode).toList());
    assertFalse(seen.toString().contains("Confidential"), seen.toString());
    AuditRecord theirFailure =
        named(kms.lookupEvents(theirs, AuditQuery.newest(1000)), "AssumeRole").get(1);
    assertTrue(theirFailure.errorMessage().orElse("").contains("Confidential"));
  }

  @Test
  void refusalToAssumeARoleIsOnRecordInTheCallersAccountAlone() {
    iam.createRole(
        ours, "ours", new Iam.CreateRoleRequest(trust(ours.accountId()), null, null, null));
    String role = IamKind.ROLE.arn(ours.accountId(), "ours");
    assertThrows(AccessDenied.class, () -> assume(bob, role));

    assertEquals(List.of(), named(kms.lookupEvents(ours, AuditQuery.newest(1000)), "AssumeRole"));
    AuditRecord refusal = only(kms.lookupEvents(theirs, AuditQuery.newest(1000)), "AssumeRole");
    assertEquals(Optional.empty(), refusal.decidedBy());
    assertEquals(Optional.empty(), refusal.sharedWith());
  }

  @Test
  void confusedDeputyCannotLendTheRightsOfItsAccount() {
    // A service of ours acts for whoever asks, by a role that other accounts' ids protect.
    String condition =
        trust(theirs.accountId())
            .replace(
                "\"sts:AssumeRole\"}",
                "\"sts:AssumeRole\", \"Condition\": {\"StringEquals\": {\"sts:ExternalId\":"
                    + " \"customer-1\"}}}");
    iam.createRole(ours, "deputy", new Iam.CreateRoleRequest(condition, null, null, null));
    String role = IamKind.ROLE.arn(ours.accountId(), "deputy");

    assertThrows(AccessDenied.class, () -> assume(bob, role));
    Sts.AssumeRoleRequest wrong =
        new Sts.AssumeRoleRequest(role, "session", null, null, List.of(), "customer-2");
    assertThrows(AccessDenied.class, () -> kms.sts().assumeRole(bob, wrong));
    Sts.AssumeRoleRequest right =
        new Sts.AssumeRoleRequest(role, "session", null, null, List.of(), "customer-1");
    assertEquals(
        ours.accountId(),
        kms.authenticate(kms.sts().assumeRole(bob, right).credentials()).accountId());
  }
}
