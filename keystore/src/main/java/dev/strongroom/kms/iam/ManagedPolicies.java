// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.authz.policy.Policy;
import dev.strongroom.kms.authz.policy.PolicyKind;
import dev.strongroom.kms.storage.IamPart;
import dev.strongroom.kms.storage.IamRecord;
import dev.strongroom.kms.storage.IdentityStorage;
import dev.strongroom.kms.storage.IdentityStorage.View;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Managed policies with their versions, of which one counts. Versions are numbered from 1 and never
 * numbered again; at most {@value #MAX_VERSIONS} are kept.
 */
public final class ManagedPolicies {
  private static final int MAX_VERSIONS = 5;
  private static final int MAX_POLICIES = 1500;

  private final IdentityStorage storage;
  private final AccessKeySecrets secrets;
  private final Clock clock;

  public ManagedPolicies(IdentityStorage storage, AccessKeySecrets secrets, Clock clock) {
    this.storage = storage;
    this.secrets = secrets;
    this.clock = clock;
  }

  /**
   * A policy with the number of users, groups and roles that have it.
   *
   * @param boundaryCount how many users and roles it bounds
   */
  public record Usage(IamRecord policy, int attachmentCount, int boundaryCount) {}

  /**
   * Makes a policy, whose version 1 is {@code document}.
   *
   * @throws KmsException.MalformedPolicyDocument with line, column and what is allowed there
   * @throws KmsException.LimitExceeded if it is too long, or there are too many
   */
  public IamRecord create(String account, String name, String document, String description) {
    IamNames.check(IamKind.POLICY, name);
    IamNames.checkDescription(description);
    Instant now = clock.instant();
    String arn = IamKind.POLICY.arn(account, name);
    Policy.parse(PolicyKind.MANAGED, arn, document);
    IamRecord policy =
        new IamRecord(
                IamKind.POLICY,
                account,
                name,
                secrets.newId(IamKind.POLICY.idPrefix()),
                now,
                List.of(new IamPart(IamPart.Type.VERSION, "1", document, now)))
            .with(IamPart.Type.DEFAULT_VERSION, "1", now)
            .with(IamPart.Type.DESCRIPTION, description, now);
    return storage.change(
        edit -> {
          if (edit.find(IamKind.POLICY, account, name).isPresent()) {
            throw new KmsException.EntityAlreadyExists(
                "There is a policy "
                    + name
                    + " already. Choose another name, or use 'iam create-policy-version'.");
          }
          if (edit.names(IamKind.POLICY, account).size() >= MAX_POLICIES) {
            throw new KmsException.LimitExceeded(
                "The account has " + MAX_POLICIES + " policies, which is the limit. Delete some.");
          }
          edit.put(policy);
          return policy;
        });
  }

  /** Returns the policy that an ARN names. */
  static IamRecord require(View view, String account, String arn) {
    return IamDirectory.require(view, IamKind.POLICY, account, IamNames.ofPolicy(account, arn));
  }

  /** Returns the document that counts; empty if the record has none, which nobody wrote. */
  static Optional<String> document(IamRecord policy) {
    return policy
        .text(IamPart.Type.DEFAULT_VERSION)
        .flatMap(number -> policy.part(IamPart.Type.VERSION, number))
        .map(IamPart::text);
  }

  /**
   * @throws KmsException.NoSuchEntity if there is none of that ARN
   */
  public IamRecord get(String account, String arn) {
    return storage.view(view -> require(view, account, arn));
  }

  /** Returns a policy and how many have it; throws as {@link #get}. */
  public Usage usage(String account, String arn) {
    return storage.view(view -> usage(view, require(view, account, arn)));
  }

  private static Usage usage(View view, IamRecord policy) {
    return new Usage(
        policy,
        holders(view, policy, IamPart.Type.ATTACHED),
        holders(view, policy, IamPart.Type.BOUNDARY));
  }

  private static int holders(View view, IamRecord policy, IamPart.Type type) {
    int holders = 0;
    for (IamKind kind : List.of(IamKind.USER, IamKind.GROUP, IamKind.ROLE)) {
      holders += view.holders(kind, policy.account(), type, policy.arn()).size();
    }
    return holders;
  }

  public List<Usage> list(String account) {
    return storage.view(
        view ->
            view.list(IamKind.POLICY, account).stream()
                .map(policy -> usage(view, policy))
                .toList());
  }

  /**
   * @throws KmsException.DeleteConflict if somebody has it, or it has other versions
   */
  public void delete(String account, String arn) {
    storage.change(
        edit -> {
          Usage usage = usage(edit, require(edit, account, arn));
          if (usage.attachmentCount() + usage.boundaryCount() > 0) {
            throw new KmsException.DeleteConflict(
                arn
                    + " is attached to "
                    + usage.attachmentCount()
                    + " and bounds "
                    + usage.boundaryCount()
                    + " users, groups or roles. Detach it from them first.");
          }
          if (usage.policy().parts(IamPart.Type.VERSION).size() > 1) {
            throw new KmsException.DeleteConflict(
                arn + " has other versions. Use 'iam delete-policy-version' on them first.");
          }
          edit.delete(usage.policy());
          return usage;
        });
  }

  /**
   * Adds a version; it counts at once if it is to be the default.
   *
   * @throws KmsException.LimitExceeded if there are {@value #MAX_VERSIONS} already
   */
  public IamPart createVersion(String account, String arn, String document, boolean asDefault) {
    Policy.parse(PolicyKind.MANAGED, arn, document);
    Instant now = clock.instant();
    return change(
        account,
        arn,
        policy -> {
          List<IamPart> versions = versions(policy);
          if (versions.size() >= MAX_VERSIONS) {
            throw new KmsException.LimitExceeded(
                arn
                    + " has "
                    + MAX_VERSIONS
                    + " versions, which is the limit. Use 'iam delete-policy-version' first.");
          }
          int number = Integer.parseInt(versions.get(0).name()) + 1;
          IamPart version =
              new IamPart(IamPart.Type.VERSION, String.valueOf(number), document, now);
          IamRecord changed = policy.with(version);
          return new Changed(
              asDefault ? changed.with(IamPart.Type.DEFAULT_VERSION, version.name(), now) : changed,
              version);
        });
  }

  private record Changed(IamRecord policy, IamPart version) {}

  private IamPart change(String account, String arn, Function<IamRecord, Changed> how) {
    return storage.change(
        edit -> {
          Changed changed = how.apply(require(edit, account, arn));
          edit.put(changed.policy());
          return changed.version();
        });
  }

  /** Returns the versions, the newest first. */
  public static List<IamPart> versions(IamRecord policy) {
    return policy.parts(IamPart.Type.VERSION).stream()
        .sorted(
            Comparator.comparingInt((IamPart version) -> Integer.parseInt(version.name()))
                .reversed())
        .toList();
  }

  /**
   * Makes another version count, for all who have the policy.
   *
   * @param versionId {@code v} and a number
   */
  public void setDefault(String account, String arn, String versionId) {
    change(
        account,
        arn,
        policy -> {
          IamPart version = version(policy, versionId);
          return new Changed(
              policy.with(IamPart.Type.DEFAULT_VERSION, version.name(), clock.instant()), version);
        });
  }

  /**
   * @throws KmsException.DeleteConflict if it is the one that counts
   */
  public void deleteVersion(String account, String arn, String versionId) {
    change(
        account,
        arn,
        policy -> {
          IamPart version = version(policy, versionId);
          if (policy
              .text(IamPart.Type.DEFAULT_VERSION)
              .filter(version.name()::equals)
              .isPresent()) {
            throw new KmsException.DeleteConflict(
                versionId
                    + " is the version that counts. Use 'iam set-default-policy-version' first.");
          }
          return new Changed(policy.without(IamPart.Type.VERSION, version.name()), version);
        });
  }

  /**
   * @throws KmsException.NoSuchEntity if there is no such version
   */
  public static IamPart version(IamRecord policy, String versionId) {
    return policy
        .part(IamPart.Type.VERSION, versionId.startsWith("v") ? versionId.substring(1) : "")
        .orElseThrow(
            () ->
                new KmsException.NoSuchEntity(
                    policy.arn()
                        + " has no version \""
                        + versionId
                        + "\". 'iam list-policy-versions' shows which it has, as v1."));
  }
}
