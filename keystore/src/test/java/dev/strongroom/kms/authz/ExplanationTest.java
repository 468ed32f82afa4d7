// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ExplanationTest {
  private static final String TENANT_A =
      """
      {"Version": "2012-10-17", "Statement": {
        "Sid": "Users", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:user/alice"},
        "Action": "kms:Decrypt", "Resource": "*",
        "Condition": {"StringEquals": {"kms:EncryptionContext:tenant": "a"}}}}""";

  @Test
  void explanationNamesTheConditionThatFailedAndWhatTheRequestHas() throws JsonException {
    Map<String, Object> json = request(TENANT_A);
    json.put("context", Map.of("tenant", "b"));

    assertEquals(
        """
        Refused
          key policy, statement 1 "Users": StringEquals kms:EncryptionContext:tenant "a" does not hold: the request has "b"
        To allow it: call with another encryption context, so that StringEquals kms:EncryptionContext:tenant "a" holds; the request has "b\"""",
        explain(json).text());
  }

  @Test
  void principalThatIsNotNamedIsTheChange() throws JsonException {
    Map<String, Object> json = request(TENANT_A);
    json.put("context", Map.of("tenant", "a"));
    json.put("caller", Map.of("name", "div/bob"));

    assertEquals(
        List.of(
            "add \"arn:aws:iam::111122223333:user/div/bob\" to the principals of key policy,"
                + " statement 1 \"Users\""),
        explain(json).changes());
  }

  @Test
  void denialIsNamedFirst() throws JsonException {
    Map<String, Object> json =
        request(
            """
            {"Statement": [
              {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"},
              {"Sid": "Freeze", "Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}]}""");

    Explanation explanation = explain(json);

    assertEquals(
        "key policy, statement 2 \"Freeze\": applies", explanation.findings().get(0).toString());
    assertEquals(
        List.of(
            "take arn:aws:iam::111122223333:user/alice or this request out of key policy,"
                + " statement 2 \"Freeze\", which denies it"),
        explanation.changes());
  }

  @Test
  void underTheDefaultPolicyAnIdentityPolicyIsTheChange() {
    List<String> changes = explain(new LinkedHashMap<>()).changes();

    assertEquals(
        List.of(
            "give arn:aws:iam::111122223333:user/alice an identity policy with this statement: "
                + "{\"Effect\":\"Allow\",\"Action\":\"kms:Decrypt\",\"Resource\":\""
                + CaseFile.KEY_ARN
                + "\"}"),
        changes);
  }

  /** Where a change is a statement to add, adding it allows the request. */
  @Test
  void statementsThatAreProposedAllow() throws JsonException {
    int applied = 0;
    for (long seed = 1; seed <= 2_000; seed++) {
      Map<String, Object> json = new CaseGenerator(seed).next();
      EngineCase before = new EngineCase(json);
      boolean lacksItsAlias =
          NaiveJson.text(json, "operation", "").endsWith("Alias") && !json.containsKey("aliasArn");
      if (before.isInAccount() || lacksItsAlias || before.decide().isAllowed()) {
        continue;
      }
      List<String> changes = before.explain().changes();
      if (changes.size() == 1
          && changes.get(0).contains("statement")
          && changes.get(0).endsWith("}")) {
        Map<String, Object> changed = applied(json, changes.get(0));
        if (!changed.isEmpty()) {
          applied++;
          assertTrue(new EngineCase(changed).decide().isAllowed(), "seed " + seed + ": " + changes);
        }
      }
    }
    assertTrue(applied > 30, applied + " proposals were tried");
  }

  /** Returns the case with a statement added where the change says so; empty for boundaries. */
  private static Map<String, Object> applied(Map<String, Object> json, String change)
      throws JsonException {
    Object statement =
        Objects.requireNonNull(Json.parse(change.substring(change.indexOf('{')), 10_000));
    Map<String, Object> changed = new LinkedHashMap<>(json);
    if (change.contains("policy of the key") || change.contains("trust policy")) {
      changed.put("policy", with(NaiveJson.map(json, "policy"), statement));
    } else if (change.startsWith("give ")) {
      Map<String, Object> caller = new LinkedHashMap<>(NaiveJson.map(json, "caller"));
      List<Object> policies = new ArrayList<>(NaiveJson.list(caller, "policies"));
      policies.add(with(Map.of("Version", "2012-10-17"), statement));
      caller.put("policies", policies);
      changed.put("caller", caller);
    } else {
      return Map.of();
    }
    return changed;
  }

  private static Map<String, Object> with(Map<String, Object> policy, Object statement) {
    Map<String, Object> longer = new LinkedHashMap<>(policy);
    List<Object> statements = new ArrayList<>(NaiveJson.list(policy, "Statement"));
    statements.add(statement);
    longer.put("Statement", statements);
    return longer;
  }

  private static Map<String, Object> request(String policy) throws JsonException {
    Map<String, Object> json = new LinkedHashMap<>();
    Object document = Json.parse(policy, 10_000);
    json.put("policy", document == null ? Map.of() : document);
    return json;
  }

  private static Explanation explain(Map<String, Object> json) {
    return new EngineCase(json).explain();
  }
}
