// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Tag;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what: users, groups, roles, their policies and access keys, with AWS's meaning and
 * limits. Operations that AWS has once for users, once for groups and once for roles are one method
 * here with the kind as a parameter: {@code putPolicy(caller, USER, …)} is PutUserPolicy, in
 * authorization and in the audit trail.
 *
 * <p>Everything is about the caller's own account. Each method authorizes the caller, whose
 * identity policies decide (the account root may do all), and records the call. What changes takes
 * effect before the method returns, and in other processes within 100 ms. All methods may throw
 * {@link KmsException}: {@code AccessDenied}, {@code NoSuchEntity}, {@code EntityAlreadyExists},
 * {@code DeleteConflict}, {@code LimitExceeded}, {@code MalformedPolicyDocument} and {@code
 * Validation}.
 *
 * <p>Thread-safe.
 */
public interface Iam {

  // Users, groups and roles

  /**
   * Makes a user, who may do nothing yet.
   *
   * @param boundary the ARN of a managed policy; null for none
   */
  default Entity createUser(Caller caller, String name, @Nullable String boundary) {
    return createUser(caller, name, boundary, Map.of());
  }

  /** Makes a user that has tags from the beginning, which takes {@code iam:TagUser} as well. */
  Entity createUser(
      Caller caller, String name, @Nullable String boundary, Map<String, String> tags);

  Entity createGroup(Caller caller, String name);

  Entity createRole(Caller caller, String name, CreateRoleRequest request);

  /**
   * GetUser, GetGroup, GetRole.
   *
   * @throws KmsException.Validation for a POLICY, which {@link #getPolicy(Caller, String)} is for;
   *     likewise in all methods that take a kind
   */
  Entity get(Caller caller, IamKind kind, String name);

  /** ListUsers, ListGroups, ListRoles: by name. */
  List<Entity> list(Caller caller, IamKind kind);

  /**
   * DeleteUser, DeleteGroup, DeleteRole.
   *
   * @throws KmsException.DeleteConflict if it still has policies, access keys or members
   */
  void delete(Caller caller, IamKind kind, String name);

  /**
   * Changes a role.
   *
   * @param maxSessionSeconds 3600 to 43,200; null to leave it
   * @param description up to 1000 characters; null to leave it
   */
  void updateRole(
      Caller caller,
      String role,
      @Nullable Integer maxSessionSeconds,
      @Nullable String description);

  void updateAssumeRolePolicy(Caller caller, String role, String trustPolicy);

  void addUserToGroup(Caller caller, String group, String user);

  void removeUserFromGroup(Caller caller, String group, String user);

  /** GetGroup, with the users that are in the group. */
  GroupMembers getGroup(Caller caller, String group);

  List<Entity> listGroupsForUser(Caller caller, String user);

  // Tags of a user or role

  /**
   * TagUser, TagRole: puts tags on, in the place of those of the same keys, which are the same in
   * upper and lower case. Policies ask about those of the caller with {@code
   * aws:PrincipalTag/<key>}.
   *
   * @param tags one at least; {@link Tag} says what they can be
   * @throws KmsException.LimitExceeded if it would have more than 50
   */
  void tag(Caller caller, IamKind kind, String name, Map<String, String> tags);

  /** UntagUser, UntagRole: takes tags off; those that are not there are passed over. */
  void untag(Caller caller, IamKind kind, String name, Collection<String> tagKeys);

  /** ListUserTags, ListRoleTags: in the order of their keys. */
  List<Tag> listTags(Caller caller, IamKind kind, String name);

  // Policies of a user, group or role

  /** PutUserPolicy, PutGroupPolicy, PutRolePolicy: puts an inline policy. */
  void putPolicy(Caller caller, IamKind kind, String name, String policyName, String document);

  /** GetUserPolicy, GetGroupPolicy, GetRolePolicy. */
  String getPolicy(Caller caller, IamKind kind, String name, String policyName);

  /** DeleteUserPolicy, DeleteGroupPolicy, DeleteRolePolicy. */
  void deletePolicy(Caller caller, IamKind kind, String name, String policyName);

  /** ListUserPolicies, ListGroupPolicies, ListRolePolicies: the names of inline policies. */
  List<String> listPolicies(Caller caller, IamKind kind, String name);

  /** AttachUserPolicy, AttachGroupPolicy, AttachRolePolicy. */
  void attachPolicy(Caller caller, IamKind kind, String name, String policyArn);

  /** DetachUserPolicy, DetachGroupPolicy, DetachRolePolicy. */
  void detachPolicy(Caller caller, IamKind kind, String name, String policyArn);

  /** ListAttachedUserPolicies and so on: the ARNs of managed policies. */
  List<String> listAttachedPolicies(Caller caller, IamKind kind, String name);

  /** PutUserPermissionsBoundary, PutRolePermissionsBoundary. */
  void putPermissionsBoundary(Caller caller, IamKind kind, String name, String policyArn);

  /** DeleteUserPermissionsBoundary, DeleteRolePermissionsBoundary. */
  void deletePermissionsBoundary(Caller caller, IamKind kind, String name);

  // Managed policies

  /**
   * Makes a managed policy.
   *
   * @param document up to 6144 characters besides white space
   * @param description up to 1000 characters
   */
  ManagedPolicy createPolicy(Caller caller, String name, String document, String description);

  ManagedPolicy getPolicy(Caller caller, String policyArn);

  List<ManagedPolicy> listPolicies(Caller caller);

  void deletePolicy(Caller caller, String policyArn);

  /** Adds a version, of which there are five at most. */
  PolicyVersion createPolicyVersion(
      Caller caller, String policyArn, String document, boolean setAsDefault);

  /**
   * @param versionId as {@code v1}
   */
  PolicyVersion getPolicyVersion(Caller caller, String policyArn, String versionId);

  List<PolicyVersion> listPolicyVersions(Caller caller, String policyArn);

  void setDefaultPolicyVersion(Caller caller, String policyArn, String versionId);

  void deletePolicyVersion(Caller caller, String policyArn, String versionId);

  // Access keys; the account root's where the user name is empty. Whatever policies say, nobody but
  // the account root has access to these: they would make the account root of whoever has them.

  /** Makes an access key, of which a user has two at most; its secret is shown this once. */
  NewAccessKey createAccessKey(Caller caller, String user);

  List<AccessKeyMetadata> listAccessKeys(Caller caller, String user);

  /** Lets an access key work, or refuses its next call. */
  void updateAccessKey(Caller caller, String user, String accessKeyId, boolean active);

  void deleteAccessKey(Caller caller, String user, String accessKeyId);

  AccessKeyLastUsed getAccessKeyLastUsed(Caller caller, String accessKeyId);

  /**
   * What a role is made with; null for what it does not have.
   *
   * @param tags with some, the caller needs {@code iam:TagRole} as well
   */
  record CreateRoleRequest(
      String assumeRolePolicy,
      @Nullable String description,
      @Nullable Integer maxSessionSeconds,
      @Nullable String boundary,
      Map<String, String> tags) {

    public CreateRoleRequest {
      tags = Map.copyOf(tags);
    }

    /** A role without tags. */
    public CreateRoleRequest(
        String assumeRolePolicy,
        @Nullable String description,
        @Nullable Integer maxSessionSeconds,
        @Nullable String boundary) {
      this(assumeRolePolicy, description, maxSessionSeconds, boundary, Map.of());
    }
  }

  /**
   * A user, group or role.
   *
   * @param id {@code AIDA…}, {@code AGPA…} or {@code AROA…}; unique for ever
   * @param boundary the ARN of its permissions boundary
   * @param role what only roles have
   */
  record Entity(
      IamKind kind,
      String name,
      String id,
      String arn,
      Instant createDate,
      Optional<String> boundary,
      Optional<RoleDetails> role) {}

  /** A group with the users in it, by name. */
  record GroupMembers(Entity group, List<Entity> users) {}

  /** What only roles have. */
  record RoleDetails(String assumeRolePolicy, String description, int maxSessionSeconds) {}

  /**
   * A managed policy.
   *
   * @param defaultVersionId the version that counts, as {@code v1}
   * @param attachmentCount how many users, groups and roles have it
   * @param boundaryCount how many users and roles it bounds
   */
  record ManagedPolicy(
      String name,
      String id,
      String arn,
      String defaultVersionId,
      int attachmentCount,
      int boundaryCount,
      String description,
      Instant createDate) {}

  /** A version of a managed policy. */
  record PolicyVersion(String versionId, String document, boolean isDefault, Instant createDate) {}

  /** An access key without its secret; {@code userName} is empty for the account root. */
  record AccessKeyMetadata(
      String accessKeyId, String userName, boolean active, Instant createDate) {}

  /**
   * When an access key was last used, to the minute.
   *
   * @param lastUsed empty if it never was
   */
  record AccessKeyLastUsed(String userName, Optional<LastUse> lastUsed) {}

  /** A use of an access key. */
  record LastUse(Instant date, String serviceName, String region) {}
}
