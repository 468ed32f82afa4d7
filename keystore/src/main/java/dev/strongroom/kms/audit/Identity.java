// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

/**
 * What the ARN of a caller says.
 *
 * @param userName the name of the user; {@code root} for the account's root
 */
record Identity(String account, String userName, boolean isRoot) {

  /** Reads {@code arn:aws:iam::<account>:root} or {@code …:user/<name>}. */
  static Identity of(String arn) {
    String[] parts = arn.split(":", 6);
    String account = parts.length == 6 ? parts[4] : "";
    String resource = parts.length == 6 ? parts[5] : arn;
    return resource.startsWith("user/")
        ? new Identity(account, resource.substring("user/".length()), false)
        : new Identity(account, resource, resource.equals("root"));
  }
}
