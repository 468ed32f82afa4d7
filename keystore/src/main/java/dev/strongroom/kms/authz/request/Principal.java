// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.request;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who makes a request, by the names that policies and grants use. Without policies of its own. */
public final class Principal {

  /** What kind of principal it is. */
  public enum Kind {
    /** The account itself. */
    ROOT,
    /** A user with long-lived access keys. */
    USER,
    /** Somebody who has assumed a role. */
    ROLE_SESSION
  }

  private final Kind kind;
  private final String account;
  private final String arn;
  private final String rootArn;
  private final @Nullable String roleArn;
  private final String name;
  private final String uniqueId;
  private final String userId;
  private final Map<String, String> tags;
  private final ConditionValues attributes;

  private Principal(
      Kind kind,
      String account,
      String arn,
      @Nullable String roleArn,
      String name,
      String uniqueId,
      String userId,
      Map<String, String> tags,
      ConditionValues attributes) {
    this.kind = kind;
    this.account = account;
    this.arn = arn;
    this.rootArn = "arn:aws:iam::" + account + ":root";
    this.roleArn = roleArn;
    this.name = name;
    this.uniqueId = uniqueId;
    this.userId = userId;
    this.tags = Map.copyOf(tags);
    this.attributes = attributes;
  }

  /** Returns the root of an account. */
  public static Principal root(String account) {
    String arn = "arn:aws:iam::" + account + ":root";
    return new Principal(
        Kind.ROOT, account, arn, null, "", account, account, Map.of(), ConditionValues.NONE);
  }

  /**
   * Returns a user.
   *
   * @param path the name with its path, as in its ARN: {@code alice} or {@code division/alice}
   * @param uniqueId {@code AIDA…}; a user of the same name made later has another
   */
  public static Principal user(
      String account, String path, String uniqueId, Map<String, String> tags) {
    return new Principal(
        Kind.USER,
        account,
        "arn:aws:iam::" + account + ":user/" + path,
        null,
        lastPart(path),
        uniqueId,
        uniqueId,
        tags,
        ConditionValues.NONE);
  }

  /**
   * Returns the session of a role.
   *
   * @param path the role's name with its path: {@code batch} or {@code division/batch}
   * @param uniqueId the role's {@code AROA…}
   * @param tags the role's and the session's
   */
  public static Principal roleSession(
      String account, String path, String uniqueId, String session, Map<String, String> tags) {
    return new Principal(
        Kind.ROLE_SESSION,
        account,
        "arn:aws:sts::" + account + ":assumed-role/" + lastPart(path) + "/" + session,
        "arn:aws:iam::" + account + ":role/" + path,
        lastPart(path),
        uniqueId,
        uniqueId + ":" + session,
        tags,
        ConditionValues.NONE);
  }

  private static String lastPart(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * Returns this principal with what is known of its credentials: {@link
   * ConditionKey#MULTI_FACTOR_AUTH_PRESENT}, {@link ConditionKey#TOKEN_ISSUE_TIME}, {@link
   * ConditionKey#SOURCE_IDENTITY} and the like.
   */
  public Principal with(ConditionValues attributes) {
    return new Principal(kind, account, arn, roleArn, name, uniqueId, userId, tags, attributes);
  }

  public Kind kind() {
    return kind;
  }

  public boolean isRoot() {
    return kind == Kind.ROOT;
  }

  public String account() {
    return account;
  }

  /** Returns the ARN of whoever asks: root, user or session. */
  public String arn() {
    return arn;
  }

  /** Returns the ARN of the account's root. */
  public String rootArn() {
    return rootArn;
  }

  /** Returns the ARN of the role of a session; null for others. */
  public @Nullable String roleArn() {
    return roleArn;
  }

  /** Returns what {@code aws:PrincipalArn} is: a session's is that of its role. */
  public String principalArn() {
    return roleArn == null ? arn : roleArn;
  }

  /** Returns the user's or the role's name without its path; empty for the root. */
  public String name() {
    return name;
  }

  /** Returns the unique id of the user or role; the account's id for the root. */
  public String uniqueId() {
    return uniqueId;
  }

  /** Returns what {@code aws:userid} is: a session's has the session's name in it. */
  public String userId() {
    return userId;
  }

  public Map<String, String> tags() {
    return tags;
  }

  ConditionValues attributes() {
    return attributes;
  }

  @Override
  public String toString() {
    return arn;
  }
}
