// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Draws cases from small vocabularies, so that what a policy says and what a request has meet
 * often. Every policy that it makes is one that can be put.
 */
final class CaseGenerator {
  private static final String OWN = "arn:aws:iam::" + Callers.ACCOUNT + ":";
  private static final String OTHER = "arn:aws:iam::" + Callers.OTHER_ACCOUNT + ":";
  private static final String ALIAS_ARN = "arn:aws:kms:eu-1:" + Callers.ACCOUNT + ":alias/app";

  // spotless:off
  private static final String[] OPERATIONS = {
    "Decrypt", "Decrypt", "Encrypt", "GenerateDataKey", "Sign", "DescribeKey", "GetPublicKey", "PutKeyPolicy", "CreateGrant",
    "RetireGrant", "RevokeGrant", "ListGrants", "CreateAlias", "UpdateAlias", "DeleteAlias", "ReEncryptFrom", "CreateKey",
    "ListKeys", "ListAliases", "GenerateRandom", "DisableKey", "CreateUser", "AssumeRole", "TagResource", "UntagResource",
    "ListResourceTags"};
  private static final String[] GRANTABLE = {
    "Decrypt", "Encrypt", "GenerateDataKey", "DescribeKey", "CreateGrant", "RetireGrant", "ReEncryptFrom", "GetPublicKey"};
  private static final String[] ACTIONS = {
    "kms:*", "*", "kms:Decrypt", "kms:decrypt", "kms:*crypt", "kms:De*", "kms:?ncrypt", "kms:GenerateDataKey*", "kms:*Grant*",
    "kms:*Alias*", "kms:*Tag*", "kms:UntagResource", "kms:Create*", "kms:List*", "kms:Describe*", "kms:Put*", "kms:Sign", "kms:ReEncrypt*"};
  private static final String[] IAM_ACTIONS = {"iam:*", "s3:GetObject", "sts:AssumeRole", "iam:Create*"};
  private static final String[] PRINCIPALS = {
    "*", Callers.ACCOUNT, OWN + "root", OWN + "user/alice", OWN + "user/div/bob", OWN + "role/batch", "AIDAALICE0000001",
    "AROABATCH0000001", "arn:aws:sts::" + Callers.ACCOUNT + ":assumed-role/batch/job", Callers.OTHER_ACCOUNT, OTHER + "user/alice",
    OTHER + "role/batch"};
  private static final String[] GRANTEES = {
    OWN + "user/alice", OWN + "user/div/bob", OWN + "role/batch", "arn:aws:sts::" + Callers.ACCOUNT + ":assumed-role/batch/job",
    Callers.ACCOUNT, OTHER + "user/alice", Callers.OTHER_ACCOUNT};
  private static final String[] RESOURCES = {
    "*", CaseFile.KEY_ARN, "arn:aws:kms:*:*:key/*", "arn:aws:kms:eu-1:" + Callers.ACCOUNT + ":key/1234*", "arn:aws:kms:*:*:alias/*",
    ALIAS_ARN, "arn:aws:kms:eu-?:" + Callers.ACCOUNT + ":alias/${aws:username, 'app'}", "arn:aws:kms:*",
    "arn:aws:kms:eu-1:${aws:PrincipalAccount}:key/*", "arn:aws:kms:eu-2:*:key/*", "arn:aws:s3:::bucket/*"};
  private static final String[] TEXTS = {
    "a", "b", "A", "blue", "blu*", "?lue", "*", "alice", "${aws:username}", "${aws:PrincipalTag/team}", "${aws:PrincipalTag/x, 'a'}",
    "${*}", "bl${$}ue", "b${?}", "prefix-${aws:username}-*", "SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "acm.amazonaws.com",
    "alias/app", "alias/*", "tenant", "team", "Decrypt", "GenerateDataKey", "EncryptionContextSubset", Callers.ACCOUNT, "User",
    "SYMMETRIC_*", "RSAES_OAEP_SHA_256", "${kms:KeySpec}"};
  private static final String[] VALUES = {"a", "b", "A", "blue", "blxe", "alice", "*", "bl$ue", "b?", "prefix-alice-x", "7", "x:y", ""};
  private static final String[] STRING_KEYS = {
    "kms:CallerAccount", "kms:ViaService", "kms:EncryptionContext:tenant", "kms:EncryptionContext:TEAM", "kms:EncryptionAlgorithm",
    "kms:RequestAlias", "kms:KeySpec", "KMS:keyusage", "kms:KeyOrigin", "kms:GrantConstraintType", "aws:PrincipalAccount",
    "aws:PrincipalType", "aws:PrincipalTag/team", "aws:PrincipalTag/x", "aws:userid", "aws:username", "aws:RequestedRegion",
    "aws:ResourceTag/team", "aws:RequestTag/team", "aws:ResourceAccount", "aws:SourceIdentity", "aws:CalledViaFirst"};
  private static final String[] ONE_KEYS = {"kms:CallerAccount", "aws:PrincipalTag/team", "aws:ResourceTag/team", "aws:username", "kms:ViaService"};
  private static final String[] MANY_KEYS = {"kms:EncryptionContextKeys", "kms:GrantOperations", "aws:TagKeys", "aws:CalledVia"};
  private static final String[] ARN_KEYS = {"aws:PrincipalArn", "kms:GranteePrincipal", "kms:RetiringPrincipal", "aws:SourceArn", "kms:EncryptionContext:tenant"};
  private static final String[] ARNS = {
    OWN + "user/alice", OWN + "*", OWN + "role/b?tch", "arn:aws:iam::*:user/*", "*", "arn:*:iam::" + Callers.OTHER_ACCOUNT + ":*",
    "arn:aws:iam::${aws:PrincipalAccount}:user/*", "arn:aws:iam::${aws:PrincipalAccount}:*/${aws:username, 'x'}", "arn:aws:*:user/alice:x:y", OWN + "root"};
  private static final String[] BOOL_KEYS = {
    "kms:GrantIsForAWSResource", "aws:SecureTransport", "aws:MultiFactorAuthPresent", "kms:MultiRegion", "aws:ViaAWSService",
    "kms:ReEncryptOnSameKey", "aws:PrincipalIsAWSService"};
  private static final String[] NUMERIC_KEYS = {"kms:ScheduleKeyDeletionPendingWindowInDays", "kms:EncryptionContext:tenant", "aws:EpochTime"};
  private static final String[] NUMBERS = {"7", "7.0", "6", "8.5", "-1", "1796040000", "0"};
  private static final String[] DATES = {
    "2026-11-30T12:00:00Z", "2026-11-30T13:00:00+01:00", "2026-11-30", "2026-12-01", "1796040000", "2020-01-01T00:00:00Z"};
  private static final String[] RANGES = {"203.0.113.7", "203.0.113.0/24", "0.0.0.0/0", "10.0.0.0/8"};
  // spotless:on

  private final SplittableRandom random;

  CaseGenerator(long seed) {
    this.random = new SplittableRandom(seed);
  }

  Map<String, Object> next() {
    Map<String, Object> json = new LinkedHashMap<>();
    String operation = one(OPERATIONS);
    json.put("operation", operation);
    json.put("caller", caller());
    if (!one(9)) {
      json.put("policy", operation.equals("AssumeRole") ? trust() : keyPolicy());
    }
    if (operation.equals("AssumeRole")) {
      json.putIfAbsent("policy", trust());
      json.put("resource", one(4) ? CaseFile.KEY_ARN : OWN + "role/batch");
    }
    if (one(2)) {
      json.put("context", pairs());
    }
    if (one(2)) {
      json.put("grants", several(4, this::grant));
    }
    if (one(10)) {
      json.put("exhausted", several(2, () -> "g" + random.nextInt(3)));
    }
    if (operation.endsWith("Alias") && !one(6)) {
      json.put("aliasArn", ALIAS_ARN);
    }
    if (operation.endsWith("Grant") && !one(8)) {
      json.put("grant", grant());
    }
    rest(json);
    return json;
  }

  private void rest(Map<String, Object> json) {
    if (one(3)) {
      json.put("alias", "alias/app");
    }
    if (one(4)) {
      json.put("via", "acm.amazonaws.com");
    }
    boolean untags = "UntagResource".equals(json.get("operation"));
    if (!untags && ("TagResource".equals(json.get("operation")) || one(4))) {
      json.put("tags", pairs());
    }
    if (one(5)) {
      json.put("time", one("2026-11-30T11:59:59Z", "2026-12-01T00:00:00Z", "2019-01-01T00:00:00Z"));
    }
    Map<String, Object> parameters = new LinkedHashMap<>();
    maybe(parameters, "kms:EncryptionAlgorithm", "RSAES_OAEP_SHA_256", "SYMMETRIC_DEFAULT");
    maybe(parameters, "kms:ScheduleKeyDeletionPendingWindowInDays", NUMBERS);
    maybe(parameters, "kms:ReEncryptOnSameKey", "true", "false");
    maybe(parameters, "aws:SourceIp", "203.0.113.7", "203.0.114.7", "10.1.2.3", "2001:db8::1");
    maybe(parameters, "aws:SourceArn", OWN + "role/batch", "arn:aws:iam::x:user/alice");
    if (untags) {
      parameters.put("aws:TagKeys", some(3, () -> one("team", "tenant", "a", "blue", "TEAM")));
    }
    json.put("parameters", parameters);
    Map<String, Object> key = new LinkedHashMap<>();
    key.put("tags", pairs());
    if (one(2)) {
      key.put("aliases", List.of("alias/app"));
    }
    json.put("key", key);
  }

  private void maybe(Map<String, Object> json, String name, String... values) {
    if (one(3)) {
      json.put(name, one(values));
    }
  }

  private Map<String, Object> caller() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("kind", one("root", "user", "user", "session"));
    json.put("account", one(4) ? Callers.OTHER_ACCOUNT : Callers.ACCOUNT);
    boolean session = json.get("kind").equals("session");
    json.put("name", session ? one("batch", "ops/batch") : one("alice", "alice", "div/bob"));
    json.put("id", session ? "AROABATCH0000001" : one("AIDAALICE0000001", "AIDABOB000000001"));
    json.put("tags", pairs());
    json.put("policies", several(2, this::identityPolicy));
    if (one(6)) {
      json.put("boundary", identityPolicy());
    }
    if (session && one(3)) {
      json.put("sessionPolicies", several(2, this::identityPolicy));
    }
    if (one(3)) {
      Map<String, Object> attributes = new LinkedHashMap<>();
      maybe(attributes, "aws:MultiFactorAuthPresent", "true", "false");
      maybe(attributes, "aws:SourceIdentity", "alice", "b");
      json.put("attributes", attributes);
    }
    return json;
  }

  private Map<String, Object> keyPolicy() {
    return document(
        () -> {
          Map<String, Object> statement = statement(ACTIONS);
          principal(statement);
          statement.put("Resource", one(8) ? one(CaseFile.KEY_ARN, "arn:aws:kms:eu-2:*:*") : "*");
          return statement;
        });
  }

  private Map<String, Object> trust() {
    return document(
        () -> {
          Map<String, Object> statement =
              statement(new String[] {"sts:AssumeRole", "sts:*", "*", "sts:TagSession"});
          principal(statement);
          return statement;
        });
  }

  private Map<String, Object> identityPolicy() {
    return document(
        () -> {
          Map<String, Object> statement = statement(one(4) ? IAM_ACTIONS : ACTIONS);
          statement.put(one(6) ? "NotResource" : "Resource", values(RESOURCES));
          return statement;
        });
  }

  private Map<String, Object> document(Supplier<Object> statement) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("Version", one(8) ? "2008-10-17" : "2012-10-17");
    json.put("Statement", some(3, statement));
    return json;
  }

  private Map<String, Object> statement(String[] actions) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("Effect", one(4) ? "Deny" : "Allow");
    json.put(one(6) ? "NotAction" : "Action", values(actions));
    if (one(2)) {
      json.put("Condition", conditions());
    }
    return json;
  }

  private void principal(Map<String, Object> statement) {
    Object named = one(6) ? "*" : Map.of("AWS", values(PRINCIPALS));
    statement.put(one(8) ? "NotPrincipal" : "Principal", named);
  }

  private Map<String, Object> conditions() {
    Map<String, Object> block = new LinkedHashMap<>();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      condition(block);
    }
    return block;
  }

  private void condition(Map<String, Object> block) {
    switch (random.nextInt(9)) {
      case 0, 1 -> put(block, stringOperator(), one(STRING_KEYS), values(TEXTS));
      case 2 ->
          put(
              block,
              one("ForAllValues:", "ForAnyValue:") + stringOperator(),
              one(one(3) ? ONE_KEYS : MANY_KEYS),
              values(TEXTS));
      case 3 ->
          put(
              block,
              one("ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike") + ifExists(),
              one(ARN_KEYS),
              values(ARNS));
      case 4 -> put(block, "Bool" + ifExists(), one(BOOL_KEYS), values("true", "false"));
      case 5 ->
          put(block, "Numeric" + comparison() + ifExists(), one(NUMERIC_KEYS), values(NUMBERS));
      case 6 -> put(block, "Date" + comparison() + ifExists(), "aws:CurrentTime", values(DATES));
      case 7 ->
          put(block, one("IpAddress", "NotIpAddress") + ifExists(), "aws:SourceIp", values(RANGES));
      default ->
          put(
              block,
              "Null",
              one(one(2) ? STRING_KEYS : MANY_KEYS),
              one(5) ? List.of("true", "false") : one("true", "false"));
    }
  }

  private static void put(Map<String, Object> block, String operator, String key, Object values) {
    Map<String, Object> keys = new LinkedHashMap<>(NaiveJson.map(block, operator));
    keys.put(key, values);
    block.put(operator, keys);
  }

  private String stringOperator() {
    return "String"
        + one("Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike")
        + ifExists();
  }

  private String comparison() {
    return one(
        "Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals");
  }

  private String ifExists() {
    return one(4) ? "IfExists" : "";
  }

  private Map<String, Object> grant() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", "g" + random.nextInt(1_000_000));
    json.put("grantee", one(GRANTEES));
    json.put("operations", some(3, () -> one(GRANTABLE)));
    if (one(3)) {
      json.put("equals", pairs());
    } else if (one(3)) {
      json.put("subset", one(2) ? Map.of("tenant", "a") : Map.of("team", "blue", "tenant", "b"));
    }
    if (one(3)) {
      json.put("retiring", one(GRANTEES));
    }
    if (one(4)) {
      json.put("issuer", Callers.OTHER_ACCOUNT);
    }
    if (one(4)) {
      json.put("expiry", one("2026-11-30T12:00:00Z", "2030-01-01T00:00:00Z"));
    }
    if (one(8)) {
      json.put("uses", 3);
    }
    if (one(12)) {
      json.put("key", "00000000-0000-0000-0000-000000000000");
    }
    return json;
  }

  private Map<String, Object> pairs() {
    Map<String, Object> pairs = new LinkedHashMap<>();
    maybe(pairs, "tenant", VALUES);
    maybe(pairs, "team", "blue", "red", "a");
    if (one(12)) {
      pairs.put("Team", one("blue", "red"));
    }
    return pairs;
  }

  private Object values(String... from) {
    return one(2) ? one(from) : some(3, () -> one(from));
  }

  private List<Object> some(int most, Supplier<Object> each) {
    List<Object> list = several(most - 1, each);
    list.add(each.get());
    return list;
  }

  private List<Object> several(int most, Supplier<?> each) {
    List<Object> list = new ArrayList<>();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      list.add(each.get());
    }
    return list;
  }

  /** Returns true once in {@code times}. */
  private boolean one(int times) {
    return random.nextInt(times) == 0;
  }

  private String one(String... from) {
    return from[random.nextInt(from.length)];
  }
}
