// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Which statements of policies are about a request. */
final class NaiveStatements {
  private final NaiveCaller caller;
  private final NaiveFacts facts;
  private final String action;

  NaiveStatements(NaiveCaller caller, NaiveFacts facts, String action) {
    this.caller = caller;
    this.facts = facts;
    this.action = action;
  }

  boolean anyDenies(List<Object> policies, String resource) {
    return policies.stream()
        .map(NaiveJson::asMap)
        .anyMatch(
            policy ->
                statements(policy, "Deny").stream()
                    .anyMatch(s -> isAbout(policy, s, resource) && deniesCaller(s)));
  }

  boolean anyAllows(List<Object> policies, String resource) {
    return policies.stream()
        .map(NaiveJson::asMap)
        .anyMatch(
            policy ->
                statements(policy, "Allow").stream().anyMatch(s -> isAbout(policy, s, resource)));
  }

  boolean anyAllowsByName(Object policy, String resource) {
    Map<String, Object> document = NaiveJson.asMap(policy);
    return statements(document, "Allow").stream()
        .anyMatch(s -> isAbout(document, s, resource) && namesCaller(s));
  }

  boolean anyDelegates(Object policy, String resource) {
    Map<String, Object> document = NaiveJson.asMap(policy);
    return statements(document, "Allow").stream()
        .anyMatch(
            s ->
                isAbout(document, s, resource)
                    && !s.containsKey("NotPrincipal")
                    && principals(s).contains(caller.accountArn()));
  }

  private static List<Map<String, Object>> statements(Map<String, Object> policy, String effect) {
    return NaiveJson.maps(policy, "Statement").stream()
        .filter(statement -> effect.equals(statement.get("Effect")))
        .toList();
  }

  /** Whom a statement names, accounts by the ARN of their root. */
  private static List<String> principals(Map<String, Object> statement) {
    Object element = statement.getOrDefault("Principal", statement.get("NotPrincipal"));
    List<Object> named =
        element instanceof Map<?, ?> types
            ? NaiveJson.list(NaiveJson.asMap(types), "AWS")
            : List.of(String.valueOf(element));
    List<String> arns = new ArrayList<>();
    for (Object name : named) {
      String text = String.valueOf(name);
      arns.add(text.matches("[0-9]{12}") ? "arn:aws:iam::" + text + ":root" : text);
    }
    return arns;
  }

  private boolean isListed(Map<String, Object> statement) {
    List<String> named = principals(statement);
    return named.contains("*")
        || caller.arns().stream().anyMatch(named::contains)
        || (!caller.isRoot() && named.contains(caller.id()));
  }

  private boolean namesCaller(Map<String, Object> statement) {
    return statement.containsKey("NotPrincipal")
        ? !isListed(statement) && !principals(statement).contains(caller.accountArn())
        : isListed(statement);
  }

  /** A Deny of an account is one of everybody in it; NotPrincipal spares who is named wholly. */
  private boolean deniesCaller(Map<String, Object> statement) {
    if (!statement.containsKey("Principal") && !statement.containsKey("NotPrincipal")) {
      return true;
    }
    List<String> named = principals(statement);
    if (statement.containsKey("Principal")) {
      return isListed(statement) || named.contains(caller.accountArn());
    }
    boolean wholly =
        named.contains(caller.accountArn())
            && (named.containsAll(caller.arns())
                || (!caller.isRoot() && named.contains(caller.id())));
    return !named.contains("*") && !wholly;
  }

  private boolean isAbout(
      Map<String, Object> policy, Map<String, Object> statement, String resource) {
    NaiveTexts texts = new NaiveTexts(facts, "2012-10-17".equals(policy.get("Version")));
    boolean isDeny = "Deny".equals(statement.get("Effect"));
    return hasAction(statement)
        && facts.unlessAmbiguous(() -> hasResource(statement, resource, texts), isDeny)
        && new NaiveConditions(facts, texts).allHold(NaiveJson.map(statement, "Condition"), isDeny);
  }

  private boolean hasAction(Map<String, Object> statement) {
    boolean not = statement.containsKey("NotAction");
    boolean named =
        NaiveJson.list(statement, not ? "NotAction" : "Action").stream()
            .anyMatch(
                pattern ->
                    Pattern.compile(
                            String.valueOf(pattern).replace("*", ".*").replace("?", "."),
                            Pattern.CASE_INSENSITIVE)
                        .matcher(action)
                        .matches());
    return named != not;
  }

  private static boolean hasResource(
      Map<String, Object> statement, String resource, NaiveTexts texts) {
    if (!statement.containsKey("Resource") && !statement.containsKey("NotResource")) {
      return true;
    }
    boolean not = statement.containsKey("NotResource");
    boolean named =
        NaiveJson.list(statement, not ? "NotResource" : "Resource").stream()
            .anyMatch(pattern -> texts.isLike(resource, String.valueOf(pattern)));
    return named != not;
  }
}
