// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.authz.Authorizer;
import dev.strongroom.kms.authz.Decision;
import java.util.Optional;
import java.util.function.Supplier;

/** The {@link Gate} for those who assume roles: a role's trust policy decides. Thread-safe. */
final class RoleGate {
  private final Gate gate;
  private final CallRecords records;

  RoleGate(Gate gate, CallRecords records) {
    this.gate = gate;
    this.records = records;
  }

  /**
   * Lets somebody through who assumes a role, and does the work. A role that there is not is
   * refused as one that may not be assumed. A role of another account is assumed on that account's
   * record, too.
   *
   * @param trust what decides who may assume the role; empty where there is none
   */
  <T> T run(Call call, Optional<Authorizer> trust, Supplier<T> work) {
    gate.requireLive(call);
    Optional<Decision> decision = trust.map(role -> gate.decide(call, role));
    Optional<String> decider = decision.flatMap(Decision::decider);
    Optional<String> other =
        trust.map(Authorizer::account).filter(role -> !role.equals(call.caller().accountId()));
    if (!decision.map(Decision::isAllowed).orElse(false)) {
      // What decided tells of the role, and a refusal is on record in the caller's account alone.
      throw records.refused(
          call,
          null,
          other.isPresent() ? Optional.empty() : decider,
          new KmsException.AccessDenied(
              mayNotAssume(call)
                  + " because the role does not exist or its trust policy and your policies do not"
                  + " allow it"));
    }
    Call shared = other.map(account -> call.with(AuditRecord.SHARED_WITH, account)).orElse(call);
    records.admitted(shared, null, null, decider);
    return gate.work(shared, null, decider, work);
  }

  /** Returns the refusal of a caller of whom no role can be assumed, after recording it. */
  KmsException refuse(Call call, String reason) {
    return gate.refuse(call, mayNotAssume(call) + ": " + reason);
  }

  private static String mayNotAssume(Call call) {
    return call.notAuthorized() + " on resource: " + call.resource();
  }
}
