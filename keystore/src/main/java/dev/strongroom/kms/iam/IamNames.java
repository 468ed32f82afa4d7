// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.storage.IamRecord;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The syntax of names and ARNs, and the sentences about those that are not there. */
final class IamNames {
  private static final Pattern NAME = Pattern.compile("[\\w+=,.@-]{1,128}");
  private static final Pattern POLICY_ARN =
      Pattern.compile("arn:aws:iam::(\\d{12}):policy/([\\w+=,.@-]{1,128})");

  private static final int MAX_DESCRIPTION = 1000;

  private IamNames() {}

  /**
   * @param what what is named, as {@code user}
   * @throws KmsException.Validation if it is no name
   */
  static void check(String what, String name, int max) {
    if (!NAME.matcher(name).matches() || name.length() > max) {
      throw new KmsException.Validation(
          "Not a "
              + what
              + " name: \""
              + name
              + "\". Use 1 to "
              + max
              + " letters, digits or characters of _+=,.@- such as \"alice\".");
    }
  }

  static void check(IamKind kind, String name) {
    check(kind.word(), name, kind.maxName());
  }

  /** Checks what people write about a role or managed policy. */
  static void checkDescription(String description) {
    if (description.length() > MAX_DESCRIPTION) {
      throw new KmsException.Validation(
          "The description is longer than " + MAX_DESCRIPTION + " characters. Shorten it.");
    }
  }

  /**
   * Returns the name in the ARN of a managed policy.
   *
   * @throws KmsException.Validation if it is no such ARN
   * @throws KmsException.NoSuchEntity if it is of another account
   */
  static String ofPolicy(String account, String arn) {
    Matcher matcher = POLICY_ARN.matcher(arn);
    if (!matcher.matches()) {
      throw new KmsException.Validation(
          "Not the ARN of a policy: \""
              + arn
              + "\". Write arn:aws:iam::"
              + account
              + ":policy/<name>; 'iam list-policies' shows them. AWS's own policies are not here.");
    }
    if (!matcher.group(1).equals(account)) {
      throw new KmsException.NoSuchEntity("There is no policy " + arn + " in this account.");
    }
    return matcher.group(2);
  }

  /** Returns the last part of an ARN. */
  static String last(String arn) {
    return arn.substring(arn.lastIndexOf('/') + 1);
  }

  static KmsException missing(IamKind kind, String name) {
    return new KmsException.NoSuchEntity(
        "There is no "
            + kind.word()
            + " "
            + name
            + " in this account. 'iam list-"
            + (kind == IamKind.POLICY ? "policies" : kind.word() + "s")
            + "' shows which there are.");
  }

  static KmsException missingPolicy(IamRecord owner, String policy) {
    return new KmsException.NoSuchEntity(
        "The "
            + owner.kind().word()
            + " "
            + owner.name()
            + " has no policy "
            + policy
            + ". 'iam list-"
            + owner.kind().word()
            + "-policies' and 'iam list-attached-"
            + owner.kind().word()
            + "-policies' show which it has.");
  }
}
