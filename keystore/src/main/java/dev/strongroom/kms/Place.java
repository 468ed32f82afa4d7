// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.util.regex.Pattern;

/**
 * A region and an account: where keys live and what their ARNs begin with.
 *
 * @param region 1 to 64 lower-case letters, digits and hyphens; {@code local} by default
 * @param account 12 digits
 */
public record Place(String region, String account) {

  private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,64}");
  private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");

  /**
   * @throws IllegalArgumentException if either part has another form
   */
  public Place {
    if (!REGION.matcher(region).matches()) {
      throw new IllegalArgumentException(
          "Not a region: \"" + region + "\". Use lower-case letters, digits and hyphens: eu-1.");
    }
    if (!ACCOUNT.matcher(account).matches()) {
      throw new IllegalArgumentException(
          "Not an account: \"" + account + "\". Use 12 digits: 000000000000.");
    }
  }

  /** Returns {@code arn:aws:kms:<region>:<account>:}. */
  public String arnPrefix() {
    return "arn:aws:kms:" + region + ":" + account + ":";
  }

  /** Returns region, account and what follows {@code kind} of an ARN. */
  static String[] split(String arn, String kind) {
    String[] parts = arn.split(":", 6);
    if (parts.length != 6
        || !parts[0].equals("arn")
        || !parts[1].equals("aws")
        || !parts[2].equals("kms")
        || !parts[5].startsWith(kind)) {
      throw new IllegalArgumentException(
          "Not the ARN of a KMS key: \""
              + arn
              + "\". Write arn:aws:kms:<region>:<account>:key/<key id> or …:alias/<name>.");
    }
    return new String[] {parts[3], parts[4], parts[5].substring(kind.length())};
  }
}
