// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.authz.Finding.Clause;
import dev.strongroom.kms.authz.Finding.Failure;
import dev.strongroom.kms.authz.Finding.Role;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.authz.match.ConditionTest;
import dev.strongroom.kms.authz.policy.Policy;
import dev.strongroom.kms.authz.policy.Statement;
import dev.strongroom.kms.authz.request.AccessRequest;
import dev.strongroom.kms.authz.request.ConditionKey;
import dev.strongroom.kms.authz.request.FactReader;
import dev.strongroom.kms.authz.request.Principal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says of statements and grants which of their clauses a request does not meet. */
final class Findings {
  private final Principal principal;
  private final AccessRequest request;
  private final FactReader facts;

  Findings(Principal principal, FactReader facts) {
    this.principal = principal;
    this.facts = facts;
    this.request = facts.request();
  }

  /** Returns what the Deny statements of a policy have to do with it. */
  List<Finding> denials(Policy policy, String resource) {
    return policy.statements().stream()
        .filter(Statement::isDeny)
        .map(statement -> finding(statement, Role.DENY, statement.includes(principal), resource))
        .toList();
  }

  /** Returns what the Allow statements of a policy of the caller have to do with it. */
  List<Finding> permissions(Policy policy, Role role, String resource) {
    return policy.statements().stream()
        .filter(statement -> !statement.isDeny())
        .map(statement -> finding(statement, role, true, resource))
        .toList();
  }

  /** Returns what the Allow statements of the key's own policy have to do with it. */
  List<Finding> openings(Policy policy, String resource) {
    return policy.statements().stream()
        .filter(statement -> !statement.isDeny())
        .map(
            statement -> {
              boolean names = statement.names(principal);
              boolean delegates = !names && statement.delegatesTo(principal);
              return finding(
                  statement,
                  delegates ? Role.DELEGATION : Role.KEY_ALLOW,
                  names || delegates,
                  resource);
            })
        .toList();
  }

  private Finding finding(Statement statement, Role role, boolean isAboutCaller, String resource) {
    List<Failure> failures = new ArrayList<>();
    if (!isAboutCaller) {
      failures.add(principalFailure(statement));
    }
    if (!statement.isAbout(request.operation())) {
      String action = request.operation().action();
      failures.add(
          new Failure(
              Clause.ACTION,
              "its actions do not include " + action,
              "add \"" + action + "\" to the actions of " + statement.label()));
    }
    if (!statement.isAbout(resource, facts)) {
      failures.add(
          new Failure(
              Clause.RESOURCE,
              "its resources do not include " + resource + " (" + statement.resources() + ")",
              "add \"" + resource + "\" to the resources of " + statement.label()));
    }
    conditions(statement, failures);
    return new Finding(statement.label(), role, failures);
  }

  private Failure principalFailure(Statement statement) {
    String named = String.join(", ", statement.principals());
    return new Failure(
        Clause.PRINCIPAL,
        (statement.hasNotPrincipal() ? "NotPrincipal spares " : "its principals are ") + named,
        (statement.hasNotPrincipal() ? "take \"" : "add \"")
            + principal.principalArn()
            + (statement.hasNotPrincipal() ? "\" out of" : "\" to")
            + " the principals of "
            + statement.label());
  }

  private void conditions(Statement statement, List<Failure> failures) {
    String unreadable = statement.unreadable();
    if (unreadable != null) {
      if (!statement.isDeny()) {
        failures.add(
            new Failure(
                Clause.CONDITION,
                "its conditions are not understood: " + unreadable,
                "correct the conditions of " + statement.label()));
      }
      return;
    }
    for (ConditionTest condition : statement.failingConditions(facts)) {
      String actual = condition.actual(facts);
      failures.add(
          new Failure(
              Clause.CONDITION,
              condition + " does not hold: " + has(actual),
              remedy(condition, actual)));
    }
  }

  private static String has(@Nullable String actual) {
    return actual == null ? "the request has no value" : "the request has \"" + actual + "\"";
  }

  private static String remedy(ConditionTest condition, @Nullable String actual) {
    ConditionKey key = condition.name().key();
    return (key == ConditionKey.ENCRYPTION_CONTEXT
            ? "call with another encryption context, so that "
            : "call so that ")
        + condition
        + " holds; "
        + has(actual);
  }

  /** Returns what a grant has to do with it. */
  Finding grant(Grant grant) {
    List<Failure> failures = new ArrayList<>();
    if (!grant.operations().contains(request.operation())) {
      failures.add(
          new Failure(
              Clause.ACTION,
              "it is not for " + request.operation().apiName(),
              "make a grant like " + grant.label() + " for " + request.operation().apiName()));
    }
    if (Grant.isConstrained(request.operation())
        && !grant.constraint().isMetBy(request.context())) {
      String constraint = grant.constraint().typeName() + " " + grant.constraint().context();
      failures.add(
          new Failure(
              Clause.CONDITION,
              constraint + " is not met by the context " + request.context(),
              "call with an encryption context that meets " + constraint + " of " + grant.label()));
    }
    if (!grant.isCurrentAt(request.time()) || request.details().exhausted().contains(grant.id())) {
      failures.add(
          new Failure(
              Clause.EXPIRY,
              "it has expired or its uses are up",
              "make a new grant in the place of " + grant.label()));
    }
    return new Finding(grant.label(), Role.GRANT, failures);
  }
}
