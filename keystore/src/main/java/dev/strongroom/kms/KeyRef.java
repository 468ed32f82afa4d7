// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

/**
 * How a caller names a KMS key: by id, alias, or the ARN of either. Text forms are AWS's.
 *
 * <p>A reference says nothing about whether the key exists.
 */
public sealed interface KeyRef permits KeyId, Alias, KeyArn, AliasArn {

  /**
   * Reads any of the four forms: {@code 1234abcd-…}, {@code alias/payroll}, {@code
   * arn:aws:kms:local:000000000000:key/1234abcd-…}, {@code arn:…:alias/payroll}.
   *
   * @throws IllegalArgumentException if {@code text} is none of them
   */
  static KeyRef parse(String text) {
    if (text.startsWith("arn:")) {
      return text.contains(":alias/") ? AliasArn.parse(text) : KeyArn.parse(text);
    }
    return text.startsWith("alias/") ? new Alias(text) : KeyId.parse(text);
  }

  /**
   * Returns whether {@code text} can only be meant for {@link #parse}: it begins like an ARN or an
   * alias, or is a key id. Where short names of aliases are taken as well, such text is not one.
   */
  static boolean isReference(String text) {
    return text.startsWith("arn:") || text.startsWith(Alias.PREFIX) || KeyId.isKeyId(text);
  }

  /** Returns the text that {@link #parse} reads back. */
  String text();
}
