// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException.AccessDenied;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.audit.CloudTrailJson;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the trail and explanations say of sessions. */
class RoleTrailTest extends RoleScene {
  @Test
  void trailShowsTheRoleBehindASession() {
    usefulRole(trust(ALICE));
    Caller session = assume(alice, request());
    use(session);

    List<AuditRecord> records = kms.lookupEvents(root, AuditQuery.newest(3));
    Map<String, @Nullable Object> use = CloudTrailJson.event(records.get(1), kms.place());
    String roleId = iam.get(root, IamKind.ROLE, "batch").id();
    Map<?, ?> user = map(use, "userIdentity");
    assertEquals("GenerateDataKey", use.get("eventName"));
    assertEquals("AssumedRole", user.get("type"));
    assertEquals(roleId + ":nightly", user.get("principalId"));
    assertEquals(SESSION, user.get("arn"));
    assertEquals(session.accessKeyId(), user.get("accessKeyId"));
    Map<?, ?> context = map(user, "sessionContext");
    assertEquals(
        Map.of(
            "type", "Role",
            "principalId", roleId,
            "arn", ROLE,
            "accountId", "000000000000",
            "userName", "batch"),
        context.get("sessionIssuer"));
    assertEquals(
        session.session().orElseThrow().issued().toString(),
        map(context, "attributes").get("creationDate"));

    Map<String, @Nullable Object> assumed = CloudTrailJson.event(records.get(0), kms.place());
    assertEquals("sts.amazonaws.com", assumed.get("eventSource"));
    assertEquals(
        Map.of("roleArn", ROLE, "roleSessionName", "nightly"), assumed.get("requestParameters"));
  }

  private static Map<?, ?> map(Map<?, ?> of, String name) {
    return (Map<?, ?>) Objects.requireNonNull(of.get(name), name);
  }

  @Test
  void refusalOfASessionIsExplainedWithItsSessionPolicy() {
    usefulRole(trust(ALICE));
    Caller session = assume(alice, narrowed(allow("kms:DescribeKey")));
    UUID id = requestId(message(AccessDenied.class, () -> use(session)));

    String why = kms.explainRequest(root, id).text();
    assertTrue(
        why.contains("Refused")
            && why.contains("session policy, statement 1: its actions do not include"),
        why);
    String named =
        kms.explain(root, ExplainRequest.of(SESSION, Operation.GENERATE_DATA_KEY, key)).text();
    assertTrue(named.contains("Allowed"), named);
    String ofRole =
        kms.explain(root, ExplainRequest.of(ROLE, Operation.GENERATE_DATA_KEY, key)).text();
    assertTrue(ofRole.contains("Allowed"), ofRole);
  }

  @Test
  void refusedAssumptionOfARoleIsExplained() {
    role(trust(ACCOUNT + "user/bob"));
    UUID id = requestId(message(AccessDenied.class, () -> assume(alice, request())));

    String why = kms.explainRequest(root, id).text();

    assertTrue(why.contains("Refused") && why.contains("trust policy"), why);
  }

  private static UUID requestId(String refusal) {
    return UUID.fromString(refusal.replaceAll(".*--request-id ([0-9a-f-]{36}).*", "$1"));
  }
}
