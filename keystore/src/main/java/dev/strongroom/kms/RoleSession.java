// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What somebody got by assuming a role.
 *
 * @param account the account that has the role, 12 digits
 * @param role the name of the role
 * @param roleId {@code AROA…}; a role of the same name that is made later has another
 * @param name how whoever assumed it called the session
 * @param issued when it was assumed, to the second
 * @param expires from when on it is good no longer
 * @param policy the session policy, which limits what the role's policies allow; empty for none
 * @param policyArns managed policies of the account that do the same
 */
public record RoleSession(
    String account,
    String role,
    String roleId,
    String name,
    Instant issued,
    Instant expires,
    Optional<String> policy,
    List<String> policyArns) {

  public RoleSession {
    policyArns = List.copyOf(policyArns);
  }

  /** Returns {@code arn:aws:sts::<account>:assumed-role/<role>/<name>}. */
  public String arn() {
    return "arn:aws:sts::" + account + ":assumed-role/" + role + "/" + name;
  }

  /** Returns the ARN of the role. */
  public String roleArn() {
    return IamKind.ROLE.arn(account, role);
  }

  /** Returns what AWS calls AssumedRoleId, and policies {@code aws:userid}. */
  public String id() {
    return roleId + ":" + name;
  }

  /** Returns whether session policies limit it. */
  public boolean isNarrowed() {
    return policy.isPresent() || !policyArns.isEmpty();
  }
}
