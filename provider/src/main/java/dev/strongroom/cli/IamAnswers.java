// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import dev.strongroom.kms.service.Iam;
import dev.strongroom.kms.service.NewAccessKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Identities as AWS CLI prints them: AWS's members in AWS's order. */
final class IamAnswers {
  private static final int MAX_DOCUMENT = 200_000;

  private IamAnswers() {}

  static Answer entity(Iam.Entity entity) {
    String word = entity.kind().apiWord();
    Answer answer =
        new Answer()
            .with("Path", "/")
            .with(word + "Name", entity.name())
            .with(word + "Id", entity.id())
            .with("Arn", entity.arn())
            .with("CreateDate", entity.createDate());
    entity.role().ifPresent(role -> addRole(answer, role));
    entity.boundary().ifPresent(arn -> answer.with("PermissionsBoundary", boundary(arn)));
    return answer;
  }

  private static void addRole(Answer answer, Iam.RoleDetails role) {
    answer.with("AssumeRolePolicyDocument", document(role.assumeRolePolicy()));
    if (!role.description().isEmpty()) {
      answer.with("Description", role.description());
    }
    answer.with("MaxSessionDuration", role.maxSessionSeconds());
  }

  private static Answer boundary(String arn) {
    return new Answer()
        .with("PermissionsBoundaryType", "Policy")
        .with("PermissionsBoundaryArn", arn);
  }

  static List<Answer> entities(List<Iam.Entity> entities) {
    return entities.stream().map(IamAnswers::entity).toList();
  }

  static Answer policy(Iam.ManagedPolicy policy) {
    Answer answer =
        new Answer()
            .with("PolicyName", policy.name())
            .with("PolicyId", policy.id())
            .with("Arn", policy.arn())
            .with("Path", "/")
            .with("DefaultVersionId", policy.defaultVersionId())
            .with("AttachmentCount", policy.attachmentCount())
            .with("PermissionsBoundaryUsageCount", policy.boundaryCount())
            .with("IsAttachable", true);
    if (!policy.description().isEmpty()) {
      answer.with("Description", policy.description());
    }
    return answer.with("CreateDate", policy.createDate());
  }

  static Answer version(Iam.PolicyVersion version) {
    return new Answer()
        .with("VersionId", version.versionId())
        .with("IsDefaultVersion", version.isDefault())
        .with("CreateDate", version.createDate());
  }

  static Answer versionWithDocument(Iam.PolicyVersion version) {
    return new Answer()
        .with("Document", document(version.document()))
        .with("VersionId", version.versionId())
        .with("IsDefaultVersion", version.isDefault())
        .with("CreateDate", version.createDate());
  }

  static Answer attached(String policyArn) {
    return new Answer()
        .with("PolicyName", policyArn.substring(policyArn.lastIndexOf('/') + 1))
        .with("PolicyArn", policyArn);
  }

  static Answer newAccessKey(NewAccessKey key) {
    return userName(key.userName())
        .with("AccessKeyId", key.accessKeyId())
        .with("Status", "Active")
        .with("SecretAccessKey", key.secret())
        .with("CreateDate", key.createDate());
  }

  static Answer accessKey(Iam.AccessKeyMetadata key) {
    return userName(key.userName())
        .with("AccessKeyId", key.accessKeyId())
        .with("Status", key.active() ? "Active" : "Inactive")
        .with("CreateDate", key.createDate());
  }

  /** AWS leaves the name out where the key is the account root's. */
  static Answer userName(String name) {
    return name.isEmpty() ? new Answer() : new Answer().with("UserName", name);
  }

  static Answer lastUsed(Iam.AccessKeyLastUsed key) {
    Answer use = new Answer();
    key.lastUsed()
        .ifPresentOrElse(
            last ->
                use.with("LastUsedDate", last.date())
                    .with("ServiceName", last.serviceName())
                    .with("Region", last.region()),
            () -> use.with("ServiceName", "N/A").with("Region", "N/A"));
    return userName(key.userName()).with("AccessKeyLastUsed", use);
  }

  /** Returns a policy as JSON inside an answer; as text where it is none. */
  static Object document(String text) {
    try {
      return value(Json.parse(text, MAX_DOCUMENT));
    } catch (JsonException e) {
      return text;
    }
  }

  private static Object value(@Nullable Object json) {
    if (json instanceof Map<?, ?> map) {
      Answer answer = new Answer();
      map.forEach((name, value) -> answer.with(String.valueOf(name), value(value)));
      return answer;
    }
    if (json instanceof List<?> list) {
      return list.stream().map(IamAnswers::value).toList();
    }
    return Objects.requireNonNullElse(json, "");
  }
}
