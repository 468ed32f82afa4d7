// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The rules once more, as they are documented and as slowly as that is: on the JSON of a case, with
 * nothing of the product's. It says yes or no, and knows nothing of caches, indexes or positions.
 *
 * <p>Sources: "Policy evaluation logic" of the IAM user guide; "Key policies", "Determining access"
 * and "Grants" of the KMS developer guide.
 */
final class NaiveEvaluator {
  private static final List<String> ALIAS_OPERATIONS =
      List.of("CreateAlias", "UpdateAlias", "DeleteAlias");

  // "Allowing users in other accounts to use a KMS key": any other operation has no effect.
  private static final List<String> OTHER_ACCOUNTS_MAY =
      List.of(
          ("AssumeRole CreateGrant DescribeKey GetKeyRotationStatus GetPublicKey ListGrants"
                  + " RetireGrant RevokeGrant Encrypt Decrypt ReEncryptFrom ReEncryptTo"
                  + " GenerateDataKey GenerateDataKeyWithoutPlaintext GenerateDataKeyPair"
                  + " GenerateDataKeyPairWithoutPlaintext Sign Verify GenerateMac VerifyMac"
                  + " DeriveSharedSecret Encapsulate Decapsulate")
              .split(" ", -1));

  private static final List<String> OF_IAM = List.of("CreateUser", "ListUsers", "CreateAccessKey");

  static final List<String> NO_KEY =
      List.of(
          "CreateKey",
          "ListKeys",
          "ListAliases",
          "GenerateRandom",
          "ListRetirableGrants",
          "CreateUser",
          "ListUsers",
          "CreateAccessKey");

  private final Map<String, Object> request;
  private final NaiveCaller caller;
  private final NaiveStatements statements;
  private final String operation;
  private final String resource;

  NaiveEvaluator(Map<String, Object> request) {
    this.request = request;
    this.caller = new NaiveCaller(NaiveJson.map(request, "caller"));
    this.operation = NaiveJson.text(request, "operation", "Decrypt");
    this.statements = new NaiveStatements(caller, new NaiveFacts(request, caller), action());
    this.resource =
        isAboutNoKey() || operation.equals("AssumeRole")
            ? NaiveJson.text(request, "resource", "*")
            : CaseFile.KEY_ARN;
  }

  private String action() {
    if (operation.equals("AssumeRole")) {
      return "sts:AssumeRole";
    }
    return (OF_IAM.contains(operation) ? "iam:" : "kms:") + operation;
  }

  private boolean isAboutNoKey() {
    return NO_KEY.contains(operation);
  }

  boolean isAllowed() {
    List<Object> own = new ArrayList<>(caller.policies());
    own.addAll(caller.boundary());
    own.addAll(caller.sessionPolicies());

    // 1. An explicit deny in any policy ends it.
    boolean hasKeyPolicy = !isAboutNoKey() && !operation.equals("RetireGrant");
    if (hasKeyPolicy && statements.anyDenies(List.of(keyPolicy()), resource)) {
      return false;
    }
    if (statements.anyDenies(own, resource)
        || (isAliasOperation() && hasAlias() && statements.anyDenies(own, alias()))) {
      return false;
    }

    // 2. Somebody has to allow it.
    if (!mayAtAll()) {
      return false;
    }

    // 3. An operation on an alias takes a permission on the alias, too.
    if (isAliasOperation() && !mayUseAlias()) {
      return false;
    }

    // 4. Boundary and session policies must allow it.
    return isWithinLimits(resource);
  }

  private boolean mayAtAll() {
    boolean ownAccount = caller.account().equals(Callers.ACCOUNT);
    if (isAboutNoKey()) {
      return ownAccount && identityAllows(resource);
    }
    if (!ownAccount && !OTHER_ACCOUNTS_MAY.contains(operation)) {
      return false;
    }
    if (operation.equals("RetireGrant")) {
      return mayRetire();
    }
    boolean direct = statements.anyAllowsByName(keyPolicy(), resource);
    boolean delegated = statements.anyDelegates(keyPolicy(), resource);
    boolean byPolicy =
        ownAccount
            ? direct || (delegated && identityAllows(resource))
            : (direct || delegated) && identityAllows(resource);
    return byPolicy || (!operation.equals("AssumeRole") && anyGrantAllows());
  }

  private Object keyPolicy() {
    Object given = request.get("policy");
    return given != null
        ? given
        : Map.of(
            "Version",
            "2012-10-17",
            "Statement",
            Map.of(
                "Effect",
                "Allow",
                "Principal",
                Map.of("AWS", Callers.ACCOUNT),
                "Action",
                "kms:*",
                "Resource",
                "*"));
  }

  /** The root of an account may do everything as far as its own account is concerned. */
  private boolean identityAllows(String about) {
    return caller.isRoot() || statements.anyAllows(caller.policies(), about);
  }

  private boolean isWithinLimits(String about) {
    boolean withinBoundary =
        caller.boundary().isEmpty() || statements.anyAllows(caller.boundary(), about);
    boolean withinSession =
        caller.sessionPolicies().isEmpty() || statements.anyAllows(caller.sessionPolicies(), about);
    return withinBoundary && withinSession;
  }

  private boolean isAliasOperation() {
    return ALIAS_OPERATIONS.contains(operation);
  }

  private boolean hasAlias() {
    return request.containsKey("aliasArn");
  }

  private String alias() {
    return NaiveJson.text(request, "aliasArn", "");
  }

  private boolean mayUseAlias() {
    return hasAlias() ? identityAllows(alias()) && isWithinLimits(alias()) : caller.isRoot();
  }

  private boolean anyGrantAllows() {
    return NaiveJson.maps(request, "grants").stream().anyMatch(this::grantAllows);
  }

  private boolean grantAllows(Map<String, Object> grant) {
    if (!NaiveJson.text(grant, "key", CaseFile.KEY_ID).equals(CaseFile.KEY_ID)
        || !NaiveJson.list(grant, "operations").contains(operation)
        || NaiveJson.list(request, "exhausted").contains(NaiveJson.text(grant, "id", "g1"))
        || hasExpired(grant)
        || !isGrantee(grant)) {
      return false;
    }
    if (operation.equals("CreateGrant")) {
      return request.containsKey("grant") && covers(grant, NaiveJson.map(request, "grant"));
    }
    return List.of("DescribeKey", "GetPublicKey").contains(operation)
        || meets(NaiveJson.map(request, "context"), grant);
  }

  private boolean hasExpired(Map<String, Object> grant) {
    String expiry = NaiveJson.text(grant, "expiry", "");
    Instant now = Instant.parse(NaiveJson.text(request, "time", CaseFile.NOON));
    return !expiry.isEmpty() && !now.isBefore(Instant.parse(expiry));
  }

  private boolean isGrantee(Map<String, Object> grant) {
    String grantee = arn(NaiveJson.text(grant, "grantee", ""));
    return caller.arns().contains(grantee)
        || (grantee.equals(caller.accountArn()) && identityAllows(resource));
  }

  static String arn(String principal) {
    return principal.matches("[0-9]{12}") ? "arn:aws:iam::" + principal + ":root" : principal;
  }

  private static boolean meets(Map<String, Object> context, Map<String, Object> grant) {
    if (grant.containsKey("equals")) {
      return context.equals(NaiveJson.map(grant, "equals"));
    }
    return context.entrySet().containsAll(NaiveJson.map(grant, "subset").entrySet());
  }

  /** A grant made by a grantee gives no more than the grantee's own. */
  private static boolean covers(Map<String, Object> parent, Map<String, Object> child) {
    if (!NaiveJson.list(parent, "operations").containsAll(NaiveJson.list(child, "operations"))) {
      return false;
    }
    if (parent.containsKey("uses") || outlives(parent, child)) {
      return false;
    }
    if (parent.containsKey("equals")) {
      return child.containsKey("equals")
          && NaiveJson.map(parent, "equals").equals(NaiveJson.map(child, "equals"));
    }
    if (parent.containsKey("subset")) {
      String kind = child.containsKey("equals") ? "equals" : "subset";
      return NaiveJson.map(child, kind)
          .entrySet()
          .containsAll(NaiveJson.map(parent, "subset").entrySet());
    }
    return true;
  }

  private static boolean outlives(Map<String, Object> parent, Map<String, Object> child) {
    String end = NaiveJson.text(parent, "expiry", "");
    String childsEnd = NaiveJson.text(child, "expiry", "");
    return !end.isEmpty()
        && (childsEnd.isEmpty() || Instant.parse(childsEnd).isAfter(Instant.parse(end)));
  }

  private boolean mayRetire() {
    if (!request.containsKey("grant")) {
      return false;
    }
    Map<String, Object> grant = NaiveJson.map(request, "grant");
    String retiring = arn(NaiveJson.text(grant, "retiring", ""));
    String grantee =
        NaiveJson.list(grant, "operations").contains("RetireGrant")
            ? arn(NaiveJson.text(grant, "grantee", ""))
            : "";
    if (caller.arns().contains(retiring) || caller.arns().contains(grantee)) {
      return true;
    }
    List<String> accounts = new ArrayList<>(List.of("arn:aws:iam::" + Callers.ACCOUNT + ":root"));
    accounts.add(arn(NaiveJson.text(grant, "issuer", Callers.ACCOUNT)));
    accounts.add(retiring);
    accounts.add(grantee);
    return accounts.contains(caller.accountArn()) && identityAllows(resource);
  }
}
