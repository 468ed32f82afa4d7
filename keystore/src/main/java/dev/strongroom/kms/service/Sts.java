// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of roles: rights for a time, without an access key that stays.
 *
 * <p>A session may do what the role's policies allow, within the role's permissions boundary and
 * the session's own policies, for as long as it lasts and the role is there; what changes at the
 * role changes the sessions that there are. Thread-safe.
 */
public interface Sts {

  /**
   * AssumeRole. The role's trust policy decides: it names the caller, or leaves it to the caller's
   * account, whose policies then let it; for a role of another account both have to. An account
   * root assumes no role.
   *
   * @throws KmsException.AccessDenied if the caller may not, or there is no such role
   * @throws KmsException.Validation if the role is not named by its ARN, or the name or the
   *     duration of the session cannot be so
   * @throws KmsException.MalformedPolicyDocument if the session policy is none
   */
  AssumedRole assumeRole(Caller caller, AssumeRoleRequest request);

  /** GetCallerIdentity: who calls. Everybody may know that of itself. */
  CallerIdentity getCallerIdentity(Caller caller);

  /**
   * What AssumeRole is asked.
   *
   * @param roleArn {@code arn:aws:iam::<account>:role/<name>}
   * @param sessionName 2 to 64 letters, digits or characters of {@code _+=,.@-}
   * @param durationSeconds 900 to what the role allows, at most 3600 where the caller has assumed a
   *     role itself; null for 3600
   * @param policy a session policy; null for none
   * @param policyArns up to 10 managed policies that limit the session, too
   * @param externalId what trust policies ask for as {@code sts:ExternalId}; null for none
   */
  record AssumeRoleRequest(
      String roleArn,
      String sessionName,
      @Nullable Integer durationSeconds,
      @Nullable String policy,
      List<String> policyArns,
      @Nullable String externalId) {

    public AssumeRoleRequest {
      policyArns = List.copyOf(policyArns);
    }

    /** Returns a request for an hour without limits of its own. */
    public static AssumeRoleRequest of(String roleArn, String sessionName) {
      return new AssumeRoleRequest(roleArn, sessionName, null, null, List.of(), null);
    }
  }

  /**
   * What AssumeRole gave.
   *
   * @param credentials with the secret, which exists nowhere else; the receiver closes it
   * @param expiration from when on they are good no longer
   * @param assumedRoleId the id of the role and the name of the session
   * @param packedPolicySize how much of the room for session policies is taken, in percent
   */
  record AssumedRole(
      Credentials credentials,
      Instant expiration,
      String assumedRoleId,
      String arn,
      Optional<Integer> packedPolicySize) {}

  /**
   * Who calls.
   *
   * @param userId the unique id of a user, a session's AssumedRoleId, the account of a root
   */
  record CallerIdentity(String userId, String account, String arn) {}
}
