// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.grant;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.Operation;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The permission to use one key for some operations, given to one principal. It allows and never
 * denies. Principals are ARNs of an account's root, a user, a role or a role session; the id of an
 * account stands for its root.
 *
 * @param id 1 to 128 characters
 * @param keyId the only key that it is about
 * @param issuingAccount the account of whoever made it, 12 digits
 * @param grantee who may use the key
 * @param retiring who may retire the grant, besides those who always may
 * @param operations at least one of {@link #OPERATIONS}
 * @param name makes CreateGrant repeatable; empty for none
 * @param expiry from when on it allows nothing; AWS has no such thing
 * @param maxUses how often it can be used in all; AWS has no such thing. Counting is the caller's
 *     work
 */
public record Grant(
    String id,
    KeyId keyId,
    String issuingAccount,
    String grantee,
    Optional<String> retiring,
    Set<Operation> operations,
    GrantConstraint constraint,
    String name,
    Instant creationDate,
    Optional<Instant> expiry,
    OptionalLong maxUses) {

  private static final List<String> NAMES =
      List.of(
          "Decrypt",
          "Encrypt",
          "GenerateDataKey",
          "GenerateDataKeyWithoutPlaintext",
          "ReEncryptFrom",
          "ReEncryptTo",
          "Sign",
          "Verify",
          "GetPublicKey",
          "CreateGrant",
          "RetireGrant",
          "DescribeKey",
          "GenerateDataKeyPair",
          "GenerateDataKeyPairWithoutPlaintext",
          "GenerateMac",
          "VerifyMac",
          "DeriveSharedSecret",
          "Encapsulate",
          "Decapsulate");

  /** The operations that a grant can allow, as far as this KMS has them. */
  public static final Set<Operation> OPERATIONS =
      Collections.unmodifiableSet(
          Arrays.stream(Operation.values())
              .filter(operation -> NAMES.contains(operation.apiName()))
              .collect(() -> EnumSet.noneOf(Operation.class), EnumSet::add, EnumSet::addAll));

  private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
  private static final Pattern PRINCIPAL =
      Pattern.compile(
          "arn:aws:iam::[0-9]{12}:(root|(user|role)/[\\w+=,.@/-]{1,575})"
              + "|arn:aws:sts::[0-9]{12}:assumed-role/[\\w+=,.@-]{1,64}/[\\w+=,.@-]{2,64}");

  /**
   * @throws IllegalArgumentException if a part has another form
   */
  public Grant {
    if (id.isEmpty() || id.length() > 128) {
      throw new IllegalArgumentException("The id of a grant has 1 to 128 characters.");
    }
    if (!ACCOUNT.matcher(issuingAccount).matches()) {
      throw new IllegalArgumentException("An account has 12 digits: 111122223333.");
    }
    if (operations.isEmpty() || !OPERATIONS.containsAll(operations)) {
      throw new IllegalArgumentException(
          "A grant is for at least one of these operations: " + OPERATIONS);
    }
    if (maxUses.isPresent() && maxUses.getAsLong() < 1) {
      throw new IllegalArgumentException(
          "A grant can be used at least once, or has no such limit.");
    }
    grantee = principal(grantee);
    retiring = retiring.map(Grant::principal);
    operations = Collections.unmodifiableSet(EnumSet.copyOf(operations));
  }

  /**
   * Returns the ARN that stands for a principal of a grant.
   *
   * @throws IllegalArgumentException if it is neither an account nor the ARN of a principal
   */
  public static String principal(String text) {
    if (ACCOUNT.matcher(text).matches()) {
      return "arn:aws:iam::" + text + ":root";
    }
    if (!PRINCIPAL.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" is no principal. Write arn:aws:iam::<account>:user/<name>, …:role/<name>, …:root"
              + " or arn:aws:sts::<account>:assumed-role/<role>/<session>.");
    }
    return text;
  }

  /** Returns whether it still allows something at that time. */
  public boolean isCurrentAt(Instant time) {
    return expiry.isEmpty() || time.isBefore(expiry.get());
  }

  /** Returns whether its constraint is about that operation: where there is a context to ask. */
  public static boolean isConstrained(Operation operation) {
    return switch (operation) {
      case DESCRIBE_KEY, GET_PUBLIC_KEY, CREATE_GRANT, RETIRE_GRANT -> false;
      default -> true;
    };
  }

  /**
   * Returns whether a grant with these operations and that constraint may be made by someone who
   * holds CreateGrant from this grant: it must give nothing that this one does not, nor last
   * longer. A grant that counts its uses cannot be passed on: nobody would count them together.
   */
  public boolean covers(Grant child) {
    return operations.containsAll(child.operations)
        && child.constraint.isAtLeastAsStrictAs(constraint)
        && maxUses.isEmpty()
        && (expiry.isEmpty() || child.expiry.filter(end -> !end.isAfter(expiry.get())).isPresent());
  }

  /** Returns whether the two differ at most in their ids and the moments they were made. */
  public boolean saysTheSameAs(Grant other) {
    return keyId.equals(other.keyId)
        && issuingAccount.equals(other.issuingAccount)
        && grantee.equals(other.grantee)
        && retiring.equals(other.retiring)
        && operations.equals(other.operations)
        && constraint.equals(other.constraint)
        && name.equals(other.name)
        && expiry.equals(other.expiry)
        && maxUses.equals(other.maxUses);
  }

  /** Returns {@code grant 4711 "nightly"}, as audit records name it. */
  public String label() {
    return "grant " + id + (name.isEmpty() ? "" : " \"" + name + "\"");
  }
}
