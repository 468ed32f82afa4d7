// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.RoleSession;
import dev.strongroom.kms.authz.request.ConditionKey;
import dev.strongroom.kms.authz.request.Principal;
import dev.strongroom.kms.iam.CallerPolicies;
import dev.strongroom.kms.iam.IamDirectory;
import dev.strongroom.kms.iam.IssuedAccessKey;
import dev.strongroom.kms.iam.IssuedSession;
import dev.strongroom.kms.iam.RoleSessions;
import dev.strongroom.kms.iam.RoleSessions.Assumable;
import dev.strongroom.kms.iam.SessionWish;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Assumes roles: the gate decides by the role's trust policy. */
final class EmbeddedSts implements Sts {
  private static final int MAX_EXTERNAL_ID = 1224;

  private final Gate gate;
  private final RoleGate roles;
  private final CallerPolicies callers;
  private final RoleSessions sessions;

  EmbeddedSts(Gate gate, RoleGate roles, CallerPolicies callers, RoleSessions sessions) {
    this.gate = gate;
    this.roles = roles;
    this.callers = callers;
    this.sessions = sessions;
  }

  @Override
  public AssumedRole assumeRole(Caller caller, AssumeRoleRequest request) {
    requireForm(request);
    Call call = call(caller, request);
    if (caller.kind() == Caller.Kind.ROOT) {
      throw roles.refuse(call, "an account root assumes no role; let a user do it");
    }
    Optional<Assumable> role = sessions.find(request.roleArn());
    return roles.run(
        call, role.map(Assumable::trust), () -> issue(caller, role.orElseThrow(), request));
  }

  private static void requireForm(AssumeRoleRequest request) {
    if (!RoleSessions.isRoleArn(request.roleArn())) {
      throw new KmsException.Validation(
          "Not the ARN of a role: \""
              + request.roleArn()
              + "\". Write arn:aws:iam::<account>:role/<name>; 'iam list-roles' shows them.");
    }
    String externalId = request.externalId();
    if (externalId != null && (externalId.length() < 2 || externalId.length() > MAX_EXTERNAL_ID)) {
      throw new KmsException.Validation(
          "An external id has 2 to "
              + MAX_EXTERNAL_ID
              + " characters, not "
              + externalId.length()
              + ".");
    }
  }

  private static Call call(Caller caller, AssumeRoleRequest request) {
    Map<String, String> parameters = new TreeMap<>();
    parameters.put(Call.ROLE_ARN, request.roleArn());
    parameters.put("roleSessionName", request.sessionName());
    if (request.durationSeconds() != null) {
      parameters.put("durationSeconds", String.valueOf(request.durationSeconds()));
    }
    if (request.policy() != null) {
      parameters.put("policy", request.policy());
    }
    if (!request.policyArns().isEmpty()) {
      parameters.put("policyArns", String.join(" ", request.policyArns()));
    }
    Call call =
        Call.of(caller, Operation.ASSUME_ROLE, parameters)
            .about(request.roleArn())
            .with(ConditionKey.ROLE_SESSION_NAME, request.sessionName());
    return request.externalId() == null
        ? call
        : call.with("externalId", request.externalId())
            .with(ConditionKey.EXTERNAL_ID, request.externalId());
  }

  private AssumedRole issue(Caller caller, Assumable role, AssumeRoleRequest request) {
    SessionWish wish =
        new SessionWish(
            request.sessionName(),
            Duration.ofSeconds(
                Optional.ofNullable(request.durationSeconds())
                    .orElse(IamDirectory.DEFAULT_SESSION_SECONDS)),
            Optional.ofNullable(request.policy()),
            request.policyArns());
    IssuedSession issued = sessions.issue(caller, role, wish);
    RoleSession session = issued.session();
    try (IssuedAccessKey key = issued.accessKey()) {
      return new AssumedRole(
          new Credentials(key.accessKeyId(), key.secret(), issued.sessionToken()),
          session.expires(),
          session.id(),
          session.arn(),
          wish.packedPolicySize().stream().boxed().findFirst());
    }
  }

  @Override
  public CallerIdentity getCallerIdentity(Caller caller) {
    return gate.runForAll(
        Call.of(caller, Operation.GET_CALLER_IDENTITY),
        () -> {
          Principal principal = callers.of(caller.authenticated()).principal();
          return new CallerIdentity(principal.userId(), caller.accountId(), caller.arn());
        });
  }
}
