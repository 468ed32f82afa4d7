// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.Finding.Clause;
import dev.strongroom.kms.authz.Finding.Failure;
import dev.strongroom.kms.authz.Finding.Role;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.authz.policy.Policy;
import dev.strongroom.kms.authz.request.AccessRequest;
import dev.strongroom.kms.authz.request.FactReader;
import dev.strongroom.kms.authz.request.Principal;
import dev.strongroom.kms.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Explains one decision about a key or a role: slowly, and with everything. */
final class Explainer {
  private static final int MAX_GRANTS = 100;

  private final Authorizer authorizer;
  private final Identity caller;
  private final Principal principal;
  private final AccessRequest request;
  private final String resource;
  private final Findings of;
  private final List<Finding> found = new ArrayList<>();
  private final List<String> changes = new ArrayList<>();

  Explainer(Authorizer authorizer, Identity caller, AccessRequest request) {
    this.authorizer = authorizer;
    this.caller = caller;
    this.principal = caller.principal();
    this.request = request;
    this.resource = request.resource();
    this.of = new Findings(principal, new FactReader(request));
  }

  Explanation explain() {
    Decision decision = authorizer.decide(caller, request);
    collect();
    if (!decision.isAllowed()) {
      changes();
    }
    return new Explanation(decision, found, changes);
  }

  private void collect() {
    List<Policy> own = new ArrayList<>(caller.policies());
    Policy boundary = caller.boundary();
    if (boundary != null) {
      own.add(boundary);
    }
    own.addAll(caller.sessionPolicies());
    if (request.operation() != Operation.RETIRE_GRANT) {
      found.addAll(of.denials(authorizer.policy(), resource));
    }
    own.forEach(policy -> found.addAll(of.denials(policy, resource)));
    aliasArn().ifPresent(alias -> own.forEach(policy -> found.addAll(of.denials(policy, alias))));

    if (request.operation() != Operation.RETIRE_GRANT) {
      found.addAll(of.openings(authorizer.policy(), resource));
    }
    caller
        .policies()
        .forEach(policy -> found.addAll(of.permissions(policy, Role.IDENTITY_ALLOW, resource)));
    if (boundary != null) {
      found.addAll(of.permissions(boundary, Role.BOUNDARY_ALLOW, resource));
    }
    caller
        .sessionPolicies()
        .forEach(policy -> found.addAll(of.permissions(policy, Role.SESSION_ALLOW, resource)));
    grants().forEach(grant -> found.add(of.grant(grant)));
  }

  private Optional<String> aliasArn() {
    return Optional.ofNullable(request.details().aliasArn());
  }

  private List<Grant> grants() {
    List<Grant> grants = new ArrayList<>(authorizer.grants().ofGrantee(principal.arn()));
    String role = principal.roleArn();
    if (role != null) {
      grants.addAll(authorizer.grants().ofGrantee(role));
    }
    return grants.subList(0, Math.min(MAX_GRANTS, grants.size()));
  }

  /** Collects the least that has to change: one thing for each party that has to agree. */
  private void changes() {
    found.stream()
        .filter(finding -> finding.role() == Role.DENY && finding.applies())
        .map(
            finding ->
                "take "
                    + principal.principalArn()
                    + " or this request out of "
                    + finding.source()
                    + ", which denies it")
        .distinct()
        .forEach(changes::add);
    if (!authorizer.isOpenTo(principal, request.operation())) {
      changes.clear();
      return;
    }
    if (request.operation() == Operation.RETIRE_GRANT) {
      retirement();
    } else if (!hasBasis()) {
      opening();
    }
    limits(resource);
    alias();
  }

  private boolean hasBasis() {
    return authorizer.basis(caller, new Evaluation(caller, new FactReader(request)), request)
        != null;
  }

  private void retirement() {
    if (!hasBasis()) {
      changes.add(
          "call as the grant's retiring principal, as its grantee if it is for RetireGrant, or as"
              + " somebody of the account whose identity policy allows kms:RetireGrant");
    }
  }

  /** The key policy, or a grant; and the caller's account where the policy leaves it to it. */
  private void opening() {
    boolean isOwn = principal.account().equals(authorizer.account());
    Optional<Finding> open =
        found.stream()
            .filter(finding -> isOpening(finding) && finding.applies())
            .min(Comparator.comparing(Finding::role));
    Optional<Finding> nearest = nearest(isOwn);
    boolean isLeftToAccount = open.isPresent() && (open.get().role() == Role.DELEGATION || !isOwn);
    if (isLeftToAccount && !(isOwn && nearest.filter(Explainer::isUpToTheCaller).isPresent())) {
      identity(resource);
      return;
    }
    if (nearest.isPresent()) {
      nearest.get().failures().stream().map(Failure::remedy).forEach(changes::add);
    } else {
      changes.add(
          "add this statement to the "
              + (isAboutRole() ? "trust policy of the role: " : "policy of the key: ")
              + statement(true, resource));
    }
    boolean byGrant = nearest.isPresent() && nearest.get().role() == Role.GRANT;
    boolean delegated = nearest.isPresent() && nearest.get().role() == Role.DELEGATION;
    if (!byGrant && (delegated || !isOwn) && !isAllowedByIdentity(resource)) {
      identity(resource);
    }
  }

  private static boolean isOpening(Finding finding) {
    return finding.role() == Role.KEY_ALLOW || finding.role() == Role.DELEGATION;
  }

  /**
   * Returns the Allow or grant that lacks just one thing; those that need no second party first.
   */
  private Optional<Finding> nearest(boolean isOwn) {
    return found.stream()
        .filter(finding -> isOpening(finding) || finding.role() == Role.GRANT)
        .filter(finding -> finding.failures().size() == 1)
        .filter(
            finding -> finding.role() != Role.DELEGATION || !isOwn || isAllowedByIdentity(resource))
        .min(
            Comparator.comparing((Finding finding) -> finding.failures().get(0).clause())
                .reversed());
  }

  /** Returns whether nothing is missing but another way to call, which changes no policy. */
  private static boolean isUpToTheCaller(Finding finding) {
    return finding.failures().get(0).clause() == Clause.CONDITION;
  }

  private boolean isAllowedByIdentity(String about) {
    return new Evaluation(caller, new FactReader(request)).identityBasis(about) != null;
  }

  private void identity(String about) {
    Optional<Finding> nearest =
        found.stream()
            .filter(finding -> finding.role() == Role.IDENTITY_ALLOW && about.equals(resource))
            .filter(finding -> finding.failures().size() == 1)
            // A statement about other actions is there for something else.
            .filter(finding -> finding.failures().get(0).clause() != Clause.ACTION)
            .findFirst();
    changes.add(
        nearest
            .map(finding -> finding.failures().get(0).remedy())
            .orElseGet(
                () ->
                    "give "
                        + principal.principalArn()
                        + " an identity policy with this statement: "
                        + statement(false, about)));
  }

  private void limits(String about) {
    if (!new Evaluation(caller, new FactReader(request)).isWithinLimits(about)) {
      changes.add(
          "add this statement to the permissions boundary and the session policy of "
              + principal.arn()
              + ", as far as it has them: "
              + statement(false, about));
    }
  }

  private void alias() {
    if (aliasArn().isPresent()) {
      if (!isAllowedByIdentity(aliasArn().get())) {
        identity(aliasArn().get());
      }
      limits(aliasArn().get());
    }
  }

  private boolean isAboutRole() {
    return request.operation() == Operation.ASSUME_ROLE;
  }

  private String statement(boolean withPrincipal, String about) {
    Map<String, Object> statement = new LinkedHashMap<>();
    statement.put("Effect", "Allow");
    if (withPrincipal) {
      statement.put("Principal", Map.of("AWS", principal.principalArn()));
    }
    statement.put("Action", request.operation().action());
    if (!withPrincipal || !isAboutRole()) {
      statement.put("Resource", withPrincipal ? "*" : about);
    }
    return Json.write(statement);
  }
}
