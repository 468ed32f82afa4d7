// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.util.Locale;

/** The kinds of things that have a name in an account: IAM's four. */
public enum IamKind {
  USER("User", "AIDA", 64),
  GROUP("Group", "AGPA", 128),
  ROLE("Role", "AROA", 64),
  POLICY("Policy", "ANPA", 128);

  private final String apiWord;
  private final String idPrefix;
  private final int maxName;

  IamKind(String apiWord, String idPrefix, int maxName) {
    this.apiWord = apiWord;
    this.idPrefix = idPrefix;
    this.maxName = maxName;
  }

  /** Returns what stands in names of operations: {@code Role} of {@code GetRole}. */
  public String apiWord() {
    return apiWord;
  }

  /** Returns what stands in ARNs and messages: {@code role}. */
  public String word() {
    return apiWord.toLowerCase(Locale.ROOT);
  }

  /** Returns what unique ids begin with. */
  public String idPrefix() {
    return idPrefix;
  }

  /** Returns how many characters a name may have. */
  public int maxName() {
    return maxName;
  }

  /** Returns the ARN of one of this kind. */
  public String arn(String account, String name) {
    return "arn:aws:iam::" + account + ":" + word() + "/" + name;
  }
}
