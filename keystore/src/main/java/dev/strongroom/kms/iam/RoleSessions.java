// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.RoleSession;
import dev.strongroom.kms.authz.Authorizer;
import dev.strongroom.kms.authz.policy.Policy;
import dev.strongroom.kms.authz.policy.PolicyKind;
import dev.strongroom.kms.storage.IamPart;
import dev.strongroom.kms.storage.IamRecord;
import dev.strongroom.kms.storage.KeyStorage;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sessions of roles: made when a role is assumed, authenticated by what the session token says, and
 * over when they expire or their role is deleted.
 *
 * <p>Nothing is stored of a session. What it may do is put together from the role as it is now, so
 * that changes of the role act on sessions that there are; see {@link CallerPolicies}. Thread-safe.
 */
public final class RoleSessions {
  private static final Pattern ROLE_ARN =
      Pattern.compile("arn:aws:iam::(\\d{12}):role/([\\w+=,.@-]{1,64})");

  /** How many roles are remembered: those that sessions of this process have. */
  private static final int MAX_ROLES = 1024;

  private final KeyStorage storage;
  private final AccessKeySecrets secrets;
  private final SessionTokens tokens;
  private final Object issuer;
  private final Clock clock;
  private final AtomicLong changes = new AtomicLong();
  private final ConcurrentMap<String, Known> roles = new ConcurrentHashMap<>();

  /** Whether the role of an id was there when {@link #changes} was {@code asOf}. */
  private record Known(boolean isThere, long asOf) {}

  /**
   * Listens to {@code storage} from now on.
   *
   * @param issuer what callers of this KMS carry; see {@link Identities}
   */
  public RoleSessions(
      KeyStorage storage,
      AccessKeySecrets secrets,
      SessionTokens tokens,
      Object issuer,
      Clock clock) {
    this.storage = storage;
    this.secrets = secrets;
    this.tokens = tokens;
    this.issuer = issuer;
    this.clock = clock;
    storage.onChange(
        (keys, identities) -> {
          if (identities) {
            changes.incrementAndGet();
          }
        });
  }

  /** A role that can be assumed. */
  public record Assumable(IamRecord role) {

    /** Returns what decides who may assume it. A trust policy that is missing lets nobody. */
    public Authorizer trust() {
      String policy = role.text(IamPart.Type.TRUST).orElse("");
      return Authorizer.ofRole(
          Policy.stored(PolicyKind.TRUST, role.name(), policy), role.account());
    }

    /** Returns how long a session may last at most. */
    public Duration maxSession() {
      return Duration.ofSeconds(
          role.text(IamPart.Type.MAX_SESSION)
              .map(Integer::parseInt)
              .orElse(IamDirectory.DEFAULT_SESSION_SECONDS));
    }
  }

  /** Returns whether a text is the ARN of a role, whether or not there is one. */
  public static boolean isRoleArn(String arn) {
    return ROLE_ARN.matcher(arn).matches();
  }

  /** Returns the role of that ARN, in whatever account; empty where there is none. */
  public Optional<Assumable> find(String roleArn) {
    Matcher arn = ROLE_ARN.matcher(roleArn);
    return arn.matches()
        ? storage.find(IamKind.ROLE, arn.group(1), arn.group(2)).map(Assumable::new)
        : Optional.empty();
  }

  /**
   * Makes a session of a role.
   *
   * @throws KmsException.Validation if the name, the duration or a policy's ARN cannot be so
   * @throws KmsException.MalformedPolicyDocument if the session policy is none
   * @throws KmsException.NoSuchEntity if a managed policy is not there
   */
  public IssuedSession issue(Caller caller, Assumable assumed, SessionWish wish) {
    IamRecord role = assumed.role();
    wish.check(assumed.maxSession(), caller.session().isPresent());
    wish.policyArns()
        .forEach(arn -> storage.view(view -> ManagedPolicies.require(view, role.account(), arn)));
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    RoleSession session =
        new RoleSession(
            role.account(),
            role.name(),
            role.id(),
            wish.name(),
            now,
            now.plus(wish.duration()),
            wish.policy(),
            wish.policyArns());
    String id = secrets.newId("ASIA");
    IssuedAccessKey key = new IssuedAccessKey(id, "", secrets.newSecret(), now);
    char[] secret = key.secret();
    try {
      byte[] verifier = secrets.verifier(id, secret);
      String token = tokens.issue(new SessionTokens.Contents(id, verifier, session));
      return new IssuedSession(key, token, session);
    } finally {
      Arrays.fill(secret, '\0');
    }
  }

  /**
   * Returns a new caller for the access key of a session.
   *
   * @param secret left intact
   * @throws KmsException.UnrecognizedClient if the three do not belong together, or the role is
   *     there no longer
   * @throws KmsException.ExpiredToken if the session is over
   */
  Caller authenticate(String accessKeyId, char[] secret, String token) {
    Optional<SessionTokens.Contents> found = tokens.read(token);
    byte[] actual = secrets.verifier(accessKeyId, secret);
    SessionTokens.Contents contents = found.orElseThrow(KmsException.UnrecognizedClient::new);
    if (!contents.accessKeyId().equals(accessKeyId)
        || !MessageDigest.isEqual(contents.verifier(), actual)) {
      throw new KmsException.UnrecognizedClient();
    }
    requireLive(contents.session());
    return Caller.session(issuer, contents.session(), accessKeyId);
  }

  /**
   * @throws KmsException.ExpiredToken if the session is over
   * @throws KmsException.UnrecognizedClient if its role is there no longer
   * @throws KmsException.StoreUnavailable if that cannot be known now
   */
  void requireLive(RoleSession session) {
    if (!clock.instant().isBefore(session.expires())) {
      throw new KmsException.ExpiredToken(
          "The session "
              + session.arn()
              + " ended at "
              + session.expires()
              + ". Assume the role again, with 'sts assume-role'.");
    }
    if (!isRoleThere(session)) {
      throw new KmsException.UnrecognizedClient();
    }
  }

  /** The one in the store is another role where one of the same name was made later. */
  private boolean isRoleThere(RoleSession session) {
    long asOf = changes.get();
    Known known = roles.get(session.roleId());
    if (known != null && known.asOf() == asOf) {
      return known.isThere();
    }
    boolean isThere =
        storage
            .find(IamKind.ROLE, session.account(), session.role())
            .filter(role -> role.id().equals(session.roleId()))
            .isPresent();
    if (roles.size() >= MAX_ROLES) {
      roles.clear();
    }
    // What was read may be of after asOf, and then is looked up once more; never of before.
    roles.put(session.roleId(), new Known(isThere, asOf));
    return isThere;
  }
}
