// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.authz.policy.Policy;
import dev.strongroom.kms.authz.policy.PolicyKind;
import dev.strongroom.kms.storage.IamPart;
import dev.strongroom.kms.storage.IamRecord;
import dev.strongroom.kms.storage.IdentityStorage;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** The policies that a user, group or role has: inline ones, attached ones and the boundary. */
public final class EntityPolicies {
  private static final int MAX_ATTACHED = 10;
  private static final int MAX_POLICY_NAME = 128;

  private final IdentityStorage storage;
  private final Clock clock;

  public EntityPolicies(IdentityStorage storage, Clock clock) {
    this.storage = storage;
    this.clock = clock;
  }

  /** Returns what an inline policy of a kind may hold. */
  static PolicyKind inline(IamKind kind) {
    return switch (kind) {
      case USER -> PolicyKind.USER_INLINE;
      case GROUP -> PolicyKind.GROUP_INLINE;
      case ROLE -> PolicyKind.ROLE_INLINE;
      case POLICY -> throw new IllegalArgumentException("A policy has no policies");
    };
  }

  /**
   * Puts an inline policy, in the place of one of the same name.
   *
   * @throws KmsException.MalformedPolicyDocument with line, column and what is allowed there
   * @throws KmsException.LimitExceeded if all inline policies together are too long
   */
  public void put(IamKind kind, String account, String name, String policyName, String document) {
    IamNames.check("policy", policyName, MAX_POLICY_NAME);
    Policy.parse(inline(kind), policyName, document);
    change(
        kind,
        account,
        name,
        (edit, record) -> {
          IamRecord changed =
              record.with(new IamPart(IamPart.Type.INLINE, policyName, document, clock.instant()));
          requireShort(changed);
          return changed;
        });
  }

  /** AWS counts all inline policies of one identity together. */
  private static void requireShort(IamRecord record) {
    PolicyKind kind = inline(record.kind());
    int length =
        record.parts(IamPart.Type.INLINE).stream()
            .mapToInt(policy -> kind.length(policy.text()))
            .sum();
    if (length > kind.limit()) {
      throw new KmsException.LimitExceeded(
          "The inline policies of "
              + record.kind().word()
              + " "
              + record.name()
              + " would have "
              + length
              + " characters besides white space together; at most "
              + kind.limit()
              + " may be. Use managed policies, with 'iam create-policy'.");
    }
  }

  public String get(IamKind kind, String account, String name, String policyName) {
    IamRecord record = find(kind, account, name);
    return record
        .part(IamPart.Type.INLINE, policyName)
        .map(IamPart::text)
        .orElseThrow(() -> IamNames.missingPolicy(record, policyName));
  }

  /** Returns the names of the inline policies. */
  public List<String> list(IamKind kind, String account, String name) {
    return names(find(kind, account, name), IamPart.Type.INLINE);
  }

  /** Returns the ARNs of the attached policies. */
  public List<String> listAttached(IamKind kind, String account, String name) {
    return names(find(kind, account, name), IamPart.Type.ATTACHED);
  }

  private static List<String> names(IamRecord record, IamPart.Type type) {
    return record.parts(type).stream().map(IamPart::name).toList();
  }

  public void delete(IamKind kind, String account, String name, String policyName) {
    remove(kind, account, name, IamPart.Type.INLINE, policyName);
  }

  /**
   * Attaches a managed policy; one that is attached already stays so.
   *
   * @throws KmsException.LimitExceeded if {@value #MAX_ATTACHED} are
   */
  public void attach(IamKind kind, String account, String name, String policyArn) {
    change(
        kind,
        account,
        name,
        (edit, record) -> {
          ManagedPolicies.require(edit, account, policyArn);
          IamRecord changed =
              record.with(new IamPart(IamPart.Type.ATTACHED, policyArn, "", clock.instant()));
          if (changed.parts(IamPart.Type.ATTACHED).size() > MAX_ATTACHED) {
            throw new KmsException.LimitExceeded(
                "The "
                    + kind.word()
                    + " "
                    + name
                    + " has "
                    + MAX_ATTACHED
                    + " attached policies, which is the limit. Detach one first.");
          }
          return changed;
        });
  }

  public void detach(IamKind kind, String account, String name, String policyArn) {
    remove(kind, account, name, IamPart.Type.ATTACHED, policyArn);
  }

  private void remove(
      IamKind kind, String account, String name, IamPart.Type type, String partName) {
    change(
        kind,
        account,
        name,
        (edit, record) -> {
          if (record.part(type, partName).isEmpty()) {
            throw IamNames.missingPolicy(record, partName);
          }
          return record.without(type, partName);
        });
  }

  /**
   * Returns the ARN of what bounds a user or role; empty where nothing does, or nobody is there.
   */
  public Optional<String> boundary(IamKind kind, String account, String name) {
    return storage.find(kind, account, name).flatMap(IamRecord::boundary);
  }

  /** Bounds what a user or role may do at most, whatever its policies say. */
  public void putBoundary(IamKind kind, String account, String name, String policyArn) {
    change(
        kind,
        account,
        name,
        (edit, record) -> {
          ManagedPolicies.require(edit, account, policyArn);
          return record.boundedBy(policyArn, clock.instant());
        });
  }

  public void deleteBoundary(IamKind kind, String account, String name) {
    change(
        kind,
        account,
        name,
        (edit, record) -> {
          if (record.boundary().isEmpty()) {
            throw new KmsException.NoSuchEntity(
                "The " + kind.word() + " " + name + " has no permissions boundary.");
          }
          return record.unbounded();
        });
  }

  private IamRecord find(IamKind kind, String account, String name) {
    return storage.find(kind, account, name).orElseThrow(() -> IamNames.missing(kind, name));
  }

  private void change(
      IamKind kind,
      String account,
      String name,
      BiFunction<IdentityStorage.Edit, IamRecord, IamRecord> how) {
    storage.change(
        edit -> {
          IamRecord changed = how.apply(edit, IamDirectory.require(edit, kind, account, name));
          edit.put(changed);
          return changed;
        });
  }
}
