// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who makes a call: an identity that the KMS has authenticated.
 *
 * <p>Only the KMS makes callers: each carries the {@code issuer} object of the KMS that
 * authenticated it, and a KMS refuses a caller of another issuer. Compared by identity, so that
 * decisions can be cached per caller; every authentication makes a new one.
 */
public final class Caller {

  /** How many grant tokens a call takes; AWS's limit. */
  public static final int MAX_GRANT_TOKENS = 10;

  /** What kind of identity a caller is. */
  public enum Kind {
    /** The account itself, {@code arn:aws:iam::<account>:root}. */
    ROOT,
    /** A named user, {@code arn:aws:iam::<account>:user/<name>}. */
    USER,
    /**
     * Somebody who assumed a role, {@code arn:aws:sts::<account>:assumed-role/<role>/<session>}.
     */
    ROLE_SESSION
  }

  private final Object issuer;
  private final Kind kind;
  private final String accountId;
  private final String userName;
  private final String accessKeyId;
  private final String arn;
  private final Optional<RoleSession> session;
  private final List<String> grantTokens;
  private final Optional<Set<DryRunModifier>> dryRun;
  private final Caller authenticated;

  private Caller(Object issuer, Kind kind, String accountId, String userName, String accessKeyId) {
    this.issuer = issuer;
    this.kind = kind;
    this.accountId = accountId;
    this.userName = userName;
    this.accessKeyId = accessKeyId;
    this.arn = "arn:aws:iam::" + accountId + (kind == Kind.ROOT ? ":root" : ":user/" + userName);
    this.session = Optional.empty();
    this.grantTokens = List.of();
    this.dryRun = Optional.empty();
    this.authenticated = this;
  }

  private Caller(Object issuer, RoleSession session, String accessKeyId) {
    this.issuer = issuer;
    this.kind = Kind.ROLE_SESSION;
    this.accountId = session.account();
    this.userName = "";
    this.accessKeyId = accessKeyId;
    this.arn = session.arn();
    this.session = Optional.of(session);
    this.grantTokens = List.of();
    this.dryRun = Optional.empty();
    this.authenticated = this;
  }

  private Caller(
      Caller authenticated, List<String> grantTokens, Optional<Set<DryRunModifier>> dryRun) {
    this.issuer = authenticated.issuer;
    this.kind = authenticated.kind;
    this.accountId = authenticated.accountId;
    this.userName = authenticated.userName;
    this.accessKeyId = authenticated.accessKeyId;
    this.arn = authenticated.arn;
    this.session = authenticated.session;
    this.grantTokens = List.copyOf(grantTokens);
    this.dryRun = dryRun.map(Set::copyOf);
    this.authenticated = authenticated;
  }

  /**
   * Returns the account root.
   *
   * @param issuer an object that only the KMS knows; kept
   */
  public static Caller root(Object issuer, String accountId, String accessKeyId) {
    return new Caller(issuer, Kind.ROOT, accountId, "", accessKeyId);
  }

  /**
   * Returns a named user.
   *
   * @param issuer an object that only the KMS knows; kept
   */
  public static Caller user(Object issuer, String accountId, String userName, String accessKeyId) {
    return new Caller(issuer, Kind.USER, accountId, userName, accessKeyId);
  }

  /**
   * Returns somebody who assumed a role.
   *
   * @param issuer an object that only the KMS knows; kept
   */
  public static Caller session(Object issuer, RoleSession session, String accessKeyId) {
    return new Caller(issuer, session, accessKeyId);
  }

  /**
   * Returns this caller, who presents grant tokens with each of its calls: what CreateGrant gave,
   * for the key of the call. Where the grant was made in another process a moment ago, the KMS then
   * looks it up at once.
   *
   * @param tokens at most {@value #MAX_GRANT_TOKENS}
   * @throws IllegalArgumentException if there are more
   */
  public Caller presenting(List<String> tokens) {
    if (tokens.size() > MAX_GRANT_TOKENS) {
      throw new IllegalArgumentException(
          "A call takes at most " + MAX_GRANT_TOKENS + " grant tokens, not " + tokens.size() + ".");
    }
    return with(tokens, dryRun);
  }

  /**
   * Returns this caller, whose calls are tried and not made: each ends in {@link
   * KmsException.DryRunOperation} if it would succeed, and as it would end otherwise. Nothing is
   * changed, given out or counted; the trail shows the call with {@code dryRun}. For operations
   * that {@link Operation#hasDryRun have one}.
   *
   * @param modifiers what is left out; none for all that can be tried
   */
  public Caller dryRun(DryRunModifier... modifiers) {
    return with(grantTokens, Optional.of(Set.of(modifiers)));
  }

  /** Returns this caller, whose calls are made. */
  public Caller inEarnest() {
    return with(grantTokens, Optional.empty());
  }

  private Caller with(List<String> tokens, Optional<Set<DryRunModifier>> modifiers) {
    return tokens.isEmpty() && modifiers.isEmpty()
        ? authenticated
        : new Caller(authenticated, tokens, modifiers);
  }

  /** Returns whether calls are tried only. */
  public boolean isDryRun() {
    return dryRun.isPresent();
  }

  /** Returns whether calls are tried only, and that is left out. */
  public boolean isDryRun(DryRunModifier modifier) {
    return dryRun.filter(modifiers -> modifiers.contains(modifier)).isPresent();
  }

  public List<String> grantTokens() {
    return grantTokens;
  }

  /** Returns the caller that was authenticated: without tokens that it presents, and in earnest. */
  public Caller authenticated() {
    return authenticated;
  }

  /** Returns whether {@code candidate} made this caller. */
  public boolean isIssuedBy(Object candidate) {
    return issuer == candidate;
  }

  public Kind kind() {
    return kind;
  }

  public String accountId() {
    return accountId;
  }

  /** Returns the name of the user; empty for the root and for sessions of roles. */
  public String userName() {
    return userName;
  }

  /** Returns the session of who assumed a role; empty for others. */
  public Optional<RoleSession> session() {
    return session;
  }

  public String accessKeyId() {
    return accessKeyId;
  }

  public String arn() {
    return arn;
  }

  @Override
  public String toString() {
    return arn;
  }
}
