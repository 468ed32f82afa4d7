// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

/**
 * What the ARN of a caller says.
 *
 * @param userName the name of the user or session; {@code root} for the account's root
 * @param role the role of a session; empty for others
 */
record Identity(String account, String userName, String role, boolean isRoot) {
  private static final String USER = "user/";
  private static final String SESSION = "assumed-role/";

  /**
   * Reads {@code arn:aws:iam::<account>:root}, {@code …:user/<name>} or {@code
   * arn:aws:sts::<account>:assumed-role/<role>/<session>}.
   */
  static Identity of(String arn) {
    String[] parts = arn.split(":", 6);
    String account = parts.length == 6 ? parts[4] : "";
    String resource = parts.length == 6 ? parts[5] : arn;
    if (resource.startsWith(USER)) {
      return new Identity(account, resource.substring(USER.length()), "", false);
    }
    int slash = resource.lastIndexOf('/');
    return resource.startsWith(SESSION) && slash > SESSION.length()
        ? new Identity(
            account,
            resource.substring(slash + 1),
            resource.substring(SESSION.length(), slash),
            false)
        : new Identity(account, resource, "", resource.equals("root"));
  }
}
