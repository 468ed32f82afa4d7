// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.iam.IamDirectory;
import dev.strongroom.kms.iam.ManagedPolicies;
import dev.strongroom.kms.storage.AccessKeyRow;
import dev.strongroom.kms.storage.AccessKeyUse;
import dev.strongroom.kms.storage.IamPart;
import dev.strongroom.kms.storage.IamRecord;
import java.util.List;
import java.util.Optional;

/** Identities of the store as {@link Iam} shows them. */
final class IamShapes {
  private IamShapes() {}

  static List<Iam.Entity> entities(List<IamRecord> records) {
    return records.stream().map(IamShapes::entity).toList();
  }

  static Iam.GroupMembers members(IamDirectory.Members members) {
    return new Iam.GroupMembers(entity(members.group()), entities(members.users()));
  }

  static Iam.Entity entity(IamRecord record) {
    return new Iam.Entity(
        record.kind(),
        record.name(),
        record.id(),
        record.arn(),
        record.creationDate(),
        record.boundary(),
        record.kind() == IamKind.ROLE ? Optional.of(role(record)) : Optional.empty());
  }

  private static Iam.RoleDetails role(IamRecord role) {
    return new Iam.RoleDetails(
        role.text(IamPart.Type.TRUST).orElse(""),
        role.text(IamPart.Type.DESCRIPTION).orElse(""),
        role.text(IamPart.Type.MAX_SESSION)
            .map(Integer::parseInt)
            .orElse(IamDirectory.DEFAULT_SESSION_SECONDS));
  }

  static Iam.ManagedPolicy policy(ManagedPolicies.Usage usage) {
    IamRecord policy = usage.policy();
    return new Iam.ManagedPolicy(
        policy.name(),
        policy.id(),
        policy.arn(),
        "v" + policy.text(IamPart.Type.DEFAULT_VERSION).orElse(""),
        usage.attachmentCount(),
        usage.boundaryCount(),
        policy.text(IamPart.Type.DESCRIPTION).orElse(""),
        policy.creationDate());
  }

  static Iam.PolicyVersion version(IamRecord policy, IamPart version) {
    return version(
        version,
        policy.text(IamPart.Type.DEFAULT_VERSION).filter(version.name()::equals).isPresent());
  }

  static Iam.PolicyVersion version(IamPart version, boolean isDefault) {
    return new Iam.PolicyVersion(
        "v" + version.name(), version.text(), isDefault, version.creationDate());
  }

  static Iam.AccessKeyMetadata accessKey(AccessKeyRow key) {
    return new Iam.AccessKeyMetadata(
        key.accessKeyId(), key.userName(), key.isActive(), key.creationDate());
  }

  static Iam.AccessKeyLastUsed lastUsed(AccessKeyRow key, Optional<AccessKeyUse> use) {
    return new Iam.AccessKeyLastUsed(
        key.userName(),
        use.map(last -> new Iam.LastUse(last.lastUsedDate(), last.serviceName(), last.region())));
  }
}
