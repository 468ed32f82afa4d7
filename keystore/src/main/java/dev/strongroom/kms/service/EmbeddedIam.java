// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.Tag;
import dev.strongroom.kms.authz.request.ConditionKey;
import dev.strongroom.kms.iam.AccessKeys;
import dev.strongroom.kms.iam.EntityPolicies;
import dev.strongroom.kms.iam.IamDirectory;
import dev.strongroom.kms.iam.ManagedPolicies;
import dev.strongroom.kms.storage.IamRecord;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The administration of identities: every method passes the gate and hands on. */
final class EmbeddedIam implements Iam {
  private final Gate gate;
  private final IamDirectory directory;
  private final EntityPolicies policies;
  private final ManagedPolicies managed;
  private final AccessKeyAdministration accessKeys;

  EmbeddedIam(
      Gate gate,
      IamDirectory directory,
      EntityPolicies policies,
      ManagedPolicies managed,
      AccessKeys accessKeys) {
    this.gate = gate;
    this.directory = directory;
    this.policies = policies;
    this.managed = managed;
    this.accessKeys = new AccessKeyAdministration(gate, directory, accessKeys);
  }

  /** A call that is about one user, group, role or policy. */
  private static Call about(Caller caller, Operation operation, IamKind kind, String name) {
    return Call.of(caller, operation, Map.of(kind.word() + "Name", name))
        .about(kind.arn(caller.accountId(), name));
  }

  private static Call aboutPolicy(Caller caller, Operation operation, String policyArn) {
    return Call.of(caller, operation, Map.of("policyArn", policyArn)).about(policyArn);
  }

  /**
   * Returns PutUserPolicy for {@code Put%sPolicy} and USER.
   *
   * @throws KmsException.Validation if that kind has no such operation
   */
  private static Operation operation(String pattern, IamKind kind) {
    if (kind == IamKind.POLICY) {
      throw new KmsException.Validation(
          "Managed policies are named by their ARNs and have operations of their own: see"
              + " GetPolicy, ListPolicies and DeletePolicy.");
    }
    String name = String.format(Locale.ROOT, pattern, kind.apiWord());
    return Operation.find(name)
        .orElseThrow(() -> new KmsException.Validation("There is no operation " + name + "."));
  }

  private void run(Call call, Runnable work) {
    gate.run(
        call,
        () -> {
          work.run();
          return call;
        });
  }

  private static Call with(Call call, @Nullable String boundary) {
    return boundary == null
        ? call
        : call.with("permissionsBoundary", boundary)
            .with(ConditionKey.PERMISSIONS_BOUNDARY, boundary);
  }

  @Override
  public Entity createUser(
      Caller caller, String name, @Nullable String boundary, Map<String, String> given) {
    Map<String, String> tags = RequestTags.validForIdentity(given);
    Call call =
        with(
            with(about(caller, Operation.CREATE_USER, IamKind.USER, name), boundary),
            RequestTags.parameters(tags));
    return gate.runWith(
        CreationRights.besides(call),
        call,
        () ->
            IamShapes.entity(
                directory.create(IamKind.USER, caller.accountId(), name, boundary, tags)));
  }

  @Override
  public Entity createGroup(Caller caller, String name) {
    return gate.run(
        about(caller, Operation.CREATE_GROUP, IamKind.GROUP, name),
        () ->
            IamShapes.entity(
                directory.create(IamKind.GROUP, caller.accountId(), name, null, Map.of())));
  }

  @Override
  public Entity createRole(Caller caller, String name, CreateRoleRequest request) {
    Map<String, String> tags = RequestTags.validForIdentity(request.tags());
    Call call =
        with(
            with(about(caller, Operation.CREATE_ROLE, IamKind.ROLE, name), request.boundary()),
            RequestTags.parameters(tags));
    IamDirectory.NewRole role =
        new IamDirectory.NewRole(
            request.assumeRolePolicy(),
            Optional.ofNullable(request.description()).orElse(""),
            Optional.ofNullable(request.maxSessionSeconds())
                .orElse(IamDirectory.DEFAULT_SESSION_SECONDS));
    return gate.runWith(
        CreationRights.besides(call),
        call,
        () ->
            IamShapes.entity(
                directory.createRole(caller.accountId(), name, role, request.boundary(), tags)));
  }

  @Override
  public Entity get(Caller caller, IamKind kind, String name) {
    return gate.run(
        about(caller, operation("Get%s", kind), kind, name),
        () -> IamShapes.entity(directory.get(kind, caller.accountId(), name)));
  }

  @Override
  public List<Entity> list(Caller caller, IamKind kind) {
    return gate.run(
        Call.of(caller, operation("List%ss", kind)).about(kind.arn(caller.accountId(), "")),
        () -> IamShapes.entities(directory.list(kind, caller.accountId())));
  }

  @Override
  public void delete(Caller caller, IamKind kind, String name) {
    run(
        about(caller, operation("Delete%s", kind), kind, name),
        () -> directory.delete(kind, caller.accountId(), name));
  }

  @Override
  public void updateRole(
      Caller caller,
      String role,
      @Nullable Integer maxSessionSeconds,
      @Nullable String description) {
    run(
        about(caller, Operation.UPDATE_ROLE, IamKind.ROLE, role),
        () -> directory.updateRole(caller.accountId(), role, maxSessionSeconds, description));
  }

  @Override
  public void updateAssumeRolePolicy(Caller caller, String role, String trustPolicy) {
    run(
        about(caller, Operation.UPDATE_ASSUME_ROLE_POLICY, IamKind.ROLE, role),
        () -> directory.updateTrust(caller.accountId(), role, trustPolicy));
  }

  @Override
  public void addUserToGroup(Caller caller, String group, String user) {
    run(
        about(caller, Operation.ADD_USER_TO_GROUP, IamKind.GROUP, group).with("userName", user),
        () -> directory.addToGroup(caller.accountId(), group, user));
  }

  @Override
  public void removeUserFromGroup(Caller caller, String group, String user) {
    run(
        about(caller, Operation.REMOVE_USER_FROM_GROUP, IamKind.GROUP, group)
            .with("userName", user),
        () -> directory.removeFromGroup(caller.accountId(), group, user));
  }

  @Override
  public GroupMembers getGroup(Caller caller, String group) {
    return gate.run(
        about(caller, Operation.GET_GROUP, IamKind.GROUP, group),
        () -> IamShapes.members(directory.members(caller.accountId(), group)));
  }

  @Override
  public List<Entity> listGroupsForUser(Caller caller, String user) {
    return gate.run(
        about(caller, Operation.LIST_GROUPS_FOR_USER, IamKind.USER, user),
        () -> IamShapes.entities(directory.groupsOf(caller.accountId(), user)));
  }

  @Override
  public void tag(Caller caller, IamKind kind, String name, Map<String, String> given) {
    Map<String, String> tags = RequestTags.validForIdentity(given);
    TagAdministration.requireSome(tags.isEmpty());
    run(
        with(onBounded(caller, "Tag%s", kind, name), RequestTags.parameters(tags)),
        () -> directory.tag(kind, caller.accountId(), name, tags));
  }

  @Override
  public void untag(Caller caller, IamKind kind, String name, Collection<String> given) {
    List<String> tagKeys = RequestTags.validKeys(given);
    TagAdministration.requireSome(tagKeys.isEmpty());
    run(
        with(onBounded(caller, "Untag%s", kind, name), RequestTags.keyParameters(tagKeys)),
        () -> directory.untag(kind, caller.accountId(), name, tagKeys));
  }

  private static Call with(Call call, Map<String, String> parameters) {
    Call shown = call;
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      shown = shown.with(parameter.getKey(), parameter.getValue());
    }
    return shown;
  }

  @Override
  public List<Tag> listTags(Caller caller, IamKind kind, String name) {
    return gate.run(
        about(caller, operation("List%sTags", kind), kind, name),
        () ->
            directory.get(kind, caller.accountId(), name).tags().entrySet().stream()
                .map(tag -> new Tag(tag.getKey(), tag.getValue()))
                .toList());
  }

  /**
   * A call that changes what a user, group or role may do: policies can ask what bounds it now, so
   * that an administrator is held to those that have a certain boundary.
   */
  private Call onBounded(Caller caller, String pattern, IamKind kind, String name) {
    Call call = about(caller, operation(pattern, kind), kind, name);
    return policies
        .boundary(kind, caller.accountId(), name)
        .map(arn -> call.with(ConditionKey.PERMISSIONS_BOUNDARY, arn))
        .orElse(call);
  }

  @Override
  public void putPolicy(
      Caller caller, IamKind kind, String name, String policyName, String document) {
    run(
        onBounded(caller, "Put%sPolicy", kind, name).with("policyName", policyName),
        () -> policies.put(kind, caller.accountId(), name, policyName, document));
  }

  @Override
  public String getPolicy(Caller caller, IamKind kind, String name, String policyName) {
    return gate.run(
        about(caller, operation("Get%sPolicy", kind), kind, name).with("policyName", policyName),
        () -> policies.get(kind, caller.accountId(), name, policyName));
  }

  @Override
  public void deletePolicy(Caller caller, IamKind kind, String name, String policyName) {
    run(
        onBounded(caller, "Delete%sPolicy", kind, name).with("policyName", policyName),
        () -> policies.delete(kind, caller.accountId(), name, policyName));
  }

  @Override
  public List<String> listPolicies(Caller caller, IamKind kind, String name) {
    return gate.run(
        about(caller, operation("List%sPolicies", kind), kind, name),
        () -> policies.list(kind, caller.accountId(), name));
  }

  @Override
  public void attachPolicy(Caller caller, IamKind kind, String name, String policyArn) {
    run(
        attachment(caller, "Attach%sPolicy", kind, name, policyArn),
        () -> policies.attach(kind, caller.accountId(), name, policyArn));
  }

  @Override
  public void detachPolicy(Caller caller, IamKind kind, String name, String policyArn) {
    run(
        attachment(caller, "Detach%sPolicy", kind, name, policyArn),
        () -> policies.detach(kind, caller.accountId(), name, policyArn));
  }

  private Call attachment(
      Caller caller, String pattern, IamKind kind, String name, String policyArn) {
    return onBounded(caller, pattern, kind, name)
        .with("policyArn", policyArn)
        .with(ConditionKey.POLICY_ARN, policyArn);
  }

  @Override
  public List<String> listAttachedPolicies(Caller caller, IamKind kind, String name) {
    return gate.run(
        about(caller, operation("ListAttached%sPolicies", kind), kind, name),
        () -> policies.listAttached(kind, caller.accountId(), name));
  }

  @Override
  public void putPermissionsBoundary(Caller caller, IamKind kind, String name, String policyArn) {
    run(
        with(about(caller, operation("Put%sPermissionsBoundary", kind), kind, name), policyArn),
        () -> policies.putBoundary(kind, caller.accountId(), name, policyArn));
  }

  @Override
  public void deletePermissionsBoundary(Caller caller, IamKind kind, String name) {
    run(
        onBounded(caller, "Delete%sPermissionsBoundary", kind, name),
        () -> policies.deleteBoundary(kind, caller.accountId(), name));
  }

  @Override
  public ManagedPolicy createPolicy(
      Caller caller, String name, String document, String description) {
    return gate.run(
        about(caller, Operation.CREATE_POLICY, IamKind.POLICY, name),
        () ->
            IamShapes.policy(
                new ManagedPolicies.Usage(
                    managed.create(caller.accountId(), name, document, description), 0, 0)));
  }

  @Override
  public ManagedPolicy getPolicy(Caller caller, String policyArn) {
    return gate.run(
        aboutPolicy(caller, Operation.GET_POLICY, policyArn),
        () -> IamShapes.policy(managed.usage(caller.accountId(), policyArn)));
  }

  @Override
  public List<ManagedPolicy> listPolicies(Caller caller) {
    return gate.run(
        Call.of(caller, Operation.LIST_POLICIES).about(IamKind.POLICY.arn(caller.accountId(), "")),
        () -> managed.list(caller.accountId()).stream().map(IamShapes::policy).toList());
  }

  @Override
  public void deletePolicy(Caller caller, String policyArn) {
    run(
        aboutPolicy(caller, Operation.DELETE_POLICY, policyArn),
        () -> managed.delete(caller.accountId(), policyArn));
  }

  @Override
  public PolicyVersion createPolicyVersion(
      Caller caller, String policyArn, String document, boolean setAsDefault) {
    return gate.run(
        aboutPolicy(caller, Operation.CREATE_POLICY_VERSION, policyArn)
            .with("setAsDefault", String.valueOf(setAsDefault)),
        () ->
            IamShapes.version(
                managed.createVersion(caller.accountId(), policyArn, document, setAsDefault),
                setAsDefault));
  }

  @Override
  public PolicyVersion getPolicyVersion(Caller caller, String policyArn, String versionId) {
    return gate.run(
        aboutPolicy(caller, Operation.GET_POLICY_VERSION, policyArn).with("versionId", versionId),
        () -> {
          IamRecord policy = managed.get(caller.accountId(), policyArn);
          return IamShapes.version(policy, ManagedPolicies.version(policy, versionId));
        });
  }

  @Override
  public List<PolicyVersion> listPolicyVersions(Caller caller, String policyArn) {
    return gate.run(
        aboutPolicy(caller, Operation.LIST_POLICY_VERSIONS, policyArn),
        () -> {
          IamRecord policy = managed.get(caller.accountId(), policyArn);
          return ManagedPolicies.versions(policy).stream()
              .map(version -> IamShapes.version(policy, version))
              .toList();
        });
  }

  @Override
  public void setDefaultPolicyVersion(Caller caller, String policyArn, String versionId) {
    run(
        aboutPolicy(caller, Operation.SET_DEFAULT_POLICY_VERSION, policyArn)
            .with("versionId", versionId),
        () -> managed.setDefault(caller.accountId(), policyArn, versionId));
  }

  @Override
  public void deletePolicyVersion(Caller caller, String policyArn, String versionId) {
    run(
        aboutPolicy(caller, Operation.DELETE_POLICY_VERSION, policyArn)
            .with("versionId", versionId),
        () -> managed.deleteVersion(caller.accountId(), policyArn, versionId));
  }

  @Override
  public NewAccessKey createAccessKey(Caller caller, String user) {
    return accessKeys.create(caller, user);
  }

  @Override
  public List<AccessKeyMetadata> listAccessKeys(Caller caller, String user) {
    return accessKeys.list(caller, user);
  }

  @Override
  public void updateAccessKey(Caller caller, String user, String accessKeyId, boolean active) {
    accessKeys.update(caller, user, accessKeyId, active);
  }

  @Override
  public void deleteAccessKey(Caller caller, String user, String accessKeyId) {
    accessKeys.delete(caller, user, accessKeyId);
  }

  @Override
  public AccessKeyLastUsed getAccessKeyLastUsed(Caller caller, String accessKeyId) {
    return accessKeys.lastUsed(caller, accessKeyId);
  }
}
