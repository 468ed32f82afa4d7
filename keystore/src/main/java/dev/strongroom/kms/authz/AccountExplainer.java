// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.authz.Finding.Failure;
import dev.strongroom.kms.authz.Finding.Role;
import dev.strongroom.kms.authz.policy.Policy;
import dev.strongroom.kms.authz.request.AccessRequest;
import dev.strongroom.kms.authz.request.FactReader;
import dev.strongroom.kms.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Explains one decision about something that is about no key: only identities count there. */
final class AccountExplainer {
  private final Identity caller;
  private final AccessRequest request;
  private final String account;
  private final List<Finding> found = new ArrayList<>();
  private final List<String> changes = new ArrayList<>();

  AccountExplainer(Identity caller, AccessRequest request, String account) {
    this.caller = caller;
    this.request = request;
    this.account = account;
  }

  Explanation explain(Decision decision) {
    collect();
    if (!decision.isAllowed() && caller.principal().account().equals(account)) {
      changes();
    }
    return new Explanation(decision, found, changes);
  }

  private void collect() {
    Findings of = new Findings(caller.principal(), new FactReader(request));
    String resource = request.resource();
    List<Policy> limits = new ArrayList<>(caller.sessionPolicies());
    Policy boundary = caller.boundary();
    List<Policy> all = new ArrayList<>(caller.policies());
    if (boundary != null) {
      all.add(boundary);
    }
    all.addAll(limits);
    all.forEach(policy -> found.addAll(of.denials(policy, resource)));
    caller
        .policies()
        .forEach(policy -> found.addAll(of.permissions(policy, Role.IDENTITY_ALLOW, resource)));
    if (boundary != null) {
      found.addAll(of.permissions(boundary, Role.BOUNDARY_ALLOW, resource));
    }
    limits.forEach(policy -> found.addAll(of.permissions(policy, Role.SESSION_ALLOW, resource)));
  }

  private void changes() {
    found.stream()
        .filter(finding -> finding.role() == Role.DENY && finding.applies())
        .map(finding -> "take this request out of " + finding.source() + ", which denies it")
        .forEach(changes::add);
    Evaluation evaluation = new Evaluation(caller, new FactReader(request));
    if (evaluation.identityBasis(request.resource()) == null) {
      changes.add(
          found.stream()
              .filter(finding -> finding.role() == Role.IDENTITY_ALLOW)
              .filter(finding -> finding.failures().size() == 1)
              // A statement about other actions is there for something else.
              .filter(finding -> finding.failures().get(0).clause() != Finding.Clause.ACTION)
              .map(finding -> finding.failures().get(0))
              .map(Failure::remedy)
              .findFirst()
              .orElseGet(
                  () ->
                      "give "
                          + name()
                          + " an identity policy with this statement: "
                          + statement()));
    }
    if (!evaluation.isWithinLimits(request.resource())) {
      changes.add(
          "add this statement to the permissions boundary and the session policy of "
              + name()
              + ", as far as it has them: "
              + statement());
    }
  }

  private String name() {
    return caller.principal().principalArn();
  }

  private String statement() {
    Map<String, Object> statement = new LinkedHashMap<>();
    statement.put("Effect", "Allow");
    statement.put("Action", request.operation().action());
    statement.put("Resource", request.resource());
    return Json.write(statement);
  }
}
