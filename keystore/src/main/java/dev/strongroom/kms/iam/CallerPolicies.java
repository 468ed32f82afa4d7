// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.RoleSession;
import dev.strongroom.kms.authz.Identity;
import dev.strongroom.kms.authz.policy.Policy;
import dev.strongroom.kms.authz.policy.PolicyKind;
import dev.strongroom.kms.authz.request.ConditionKey;
import dev.strongroom.kms.authz.request.ConditionValues;
import dev.strongroom.kms.authz.request.Principal;
import dev.strongroom.kms.storage.IamPart;
import dev.strongroom.kms.storage.IamRecord;
import dev.strongroom.kms.storage.IdentityStorage;
import dev.strongroom.kms.storage.IdentityStorage.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What speaks for each caller: its own policies and those of its groups or role, compiled, until
 * identities change.
 *
 * <p>A policy that should be there and is not denies everything: what a missing policy would have
 * forbidden nobody knows. Besides their policies all users and sessions may list the names of what
 * they may use: loading a KeyStore is a ListAliases, which shows them only the keys that they may
 * describe.
 *
 * <p><b>Never stale</b>: who reads notes the count of changes before, and keeps what was read only
 * if it is the same afterwards. Thread-safe; a hit takes no lock.
 */
public final class CallerPolicies {
  private static final int MAX_CALLERS = 1024;
  private static final Pattern NAMED =
      Pattern.compile(
          "arn:aws:(?:iam::(?<root>\\d{12}):root"
              + "|iam::(?<users>\\d{12}):user/(?<user>.+)"
              + "|iam::(?<roles>\\d{12}):role/(?<role>.+)"
              + "|sts::(?<sessions>\\d{12}):assumed-role/(?<assumed>[^/]+)/(?<session>.+))");

  /** The name of a session of a role that is named without one. */
  private static final String ANY_SESSION = "any";

  /** Read when the first user calls: root users need none, and reading it takes a while. */
  private static final class OfAll {
    static final Policy POLICY =
        Policy.parse(
            PolicyKind.MANAGED,
            "of all users",
            """
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Sid": "LoadKeyStore",
                  "Effect": "Allow",
                  "Action": "kms:ListAliases",
                  "Resource": "*"
                }
              ]
            }""");
  }

  private final IdentityStorage storage;
  private final ConcurrentMap<Caller, Known> known = new ConcurrentHashMap<>();
  private final AtomicLong changes = new AtomicLong();

  /** What was so when {@link #changes} was {@code asOf}. */
  private record Known(Identity identity, long asOf) {}

  public CallerPolicies(IdentityStorage storage) {
    this.storage = storage;
  }

  /** Takes note that identities were changed. */
  public void changed() {
    changes.incrementAndGet();
  }

  /**
   * Returns what speaks for a caller; the same object for as long as it is the same.
   *
   * @throws KmsException.StoreUnavailable if that cannot be known now
   */
  public Identity of(Caller caller) {
    Known found = known.get(caller);
    return found != null && found.asOf() == changes.get() ? found.identity() : renew(caller);
  }

  /**
   * Returns what would speak for somebody, named by its ARN, if it called now.
   *
   * @throws KmsException.NotFound if there is nobody of that name
   */
  public Identity named(String arn) {
    return find(arn).orElseThrow(() -> nobody(arn));
  }

  /** Returns what is said of a name that nobody has. */
  public static KmsException nobody(String arn) {
    return new KmsException.NotFound(
        "There is nobody of the name \""
            + arn
            + "\". Write an ARN as arn:aws:iam::000000000000:user/alice; 'iam list-users' and 'iam"
            + " list-roles' show who there is.");
  }

  /**
   * Returns somebody of another account as a key of this one knows it: by name, without anything
   * that only its own account knows, not even whether there is such a one.
   *
   * @throws KmsException.NotFound if it is no name
   */
  public static Identity outsider(String arn) {
    Matcher name = NAMED.matcher(arn);
    if (!name.matches()) {
      throw nobody(arn);
    }
    return Identity.of(principal(name), List.of());
  }

  private static Principal principal(Matcher name) {
    if (name.group("root") != null) {
      return Principal.root(name.group("root"));
    }
    if (name.group("user") != null) {
      return Principal.user(name.group("users"), name.group("user"), "", Map.of());
    }
    return name.group("role") != null
        ? Principal.roleSession(name.group("roles"), name.group("role"), "", ANY_SESSION, Map.of())
        : Principal.roleSession(
            name.group("sessions"), name.group("assumed"), "", name.group("session"), Map.of());
  }

  /** Returns the tags of the user or role of that ARN; none where it is something else. */
  public Map<String, String> tagsOf(String arn) {
    Matcher name = NAMED.matcher(arn);
    if (name.matches() && name.group("user") != null) {
      return tags(IamKind.USER, name.group("users"), name.group("user"));
    }
    return name.matches() && name.group("role") != null
        ? tags(IamKind.ROLE, name.group("roles"), name.group("role"))
        : Map.of();
  }

  private Map<String, String> tags(IamKind kind, String account, String name) {
    return storage.find(kind, account, name).map(IamRecord::tags).orElse(Map.of());
  }

  private Optional<Identity> find(String arn) {
    Matcher name = NAMED.matcher(arn);
    if (!name.matches()) {
      return Optional.empty();
    }
    if (name.group("root") != null) {
      return Optional.of(root(name.group("root")));
    }
    if (name.group("user") != null) {
      return storage.view(view -> user(view, name.group("users"), name.group("user")));
    }
    if (name.group("role") != null) {
      return ofRole(name.group("roles"), name.group("role"), ANY_SESSION);
    }
    return ofRole(name.group("sessions"), name.group("assumed"), name.group("session"));
  }

  private Optional<Identity> ofRole(String account, String role, String session) {
    return storage.view(
        view ->
            view.find(IamKind.ROLE, account, role)
                .map(
                    found ->
                        session(
                            view,
                            found,
                            Principal.roleSession(
                                account, role, found.id(), session, found.tags()))));
  }

  /** Returns an identity within session policies of its own, as those of {@link RoleSession}. */
  public Identity narrowed(Identity identity, Optional<String> policy, List<String> policyArns) {
    String account = identity.principal().account();
    return storage.view(view -> narrowed(view, identity, account, policy, policyArns));
  }

  private static Identity narrowed(
      View view,
      Identity identity,
      String account,
      Optional<String> policy,
      List<String> policyArns) {
    List<Policy> limits = new ArrayList<>();
    policy.ifPresent(text -> limits.add(Policy.stored(PolicyKind.SESSION, "", text)));
    policyArns.forEach(arn -> limits.add(managed(view, account, arn)));
    return identity.inSession(limits);
  }

  private Identity renew(Caller caller) {
    if (known.size() >= MAX_CALLERS) {
      known.clear();
    }
    while (true) {
      long before = changes.get();
      Identity read = read(caller);
      Known old = known.get(caller);
      // Decisions are cached by identity: one that is as before keeps its decisions.
      Identity kept = old != null && isSame(old.identity(), read) ? old.identity() : read;
      if (changes.get() == before) {
        known.put(caller, new Known(kept, before));
        return kept;
      }
    }
  }

  private static boolean isSame(Identity one, Identity other) {
    return one.principal().uniqueId().equals(other.principal().uniqueId())
        && one.principal().tags().equals(other.principal().tags())
        && one.policies().equals(other.policies())
        && one.sessionPolicies().equals(other.sessionPolicies())
        && Objects.equals(one.boundary(), other.boundary());
  }

  private Identity read(Caller caller) {
    String account = caller.accountId();
    return switch (caller.kind()) {
      case ROOT -> root(account);
      case USER ->
          storage
              .view(view -> user(view, account, caller.userName()))
              .orElseGet(() -> deleted(account, caller.userName()));
      case ROLE_SESSION -> storage.view(view -> session(view, caller.session().orElseThrow()));
    };
  }

  /** Puts a session together from the role as it is now, unless that is another one. */
  private static Identity session(View view, RoleSession session) {
    return view.find(IamKind.ROLE, session.account(), session.role())
        .filter(role -> role.id().equals(session.roleId()))
        .map(
            role ->
                narrowed(
                    view,
                    session(view, role, principal(session, role.tags())),
                    session.account(),
                    session.policy(),
                    session.policyArns()))
        .orElseGet(
            () -> Identity.of(principal(session, Map.of()), List.of(denial("of a deleted role"))));
  }

  private static Principal principal(RoleSession session, Map<String, String> tags) {
    return Principal.roleSession(
            session.account(), session.role(), session.roleId(), session.name(), tags)
        .with(ConditionValues.NONE.with(ConditionKey.TOKEN_ISSUE_TIME, session.issued()));
  }

  private static Identity session(View view, IamRecord role, Principal principal) {
    return bounded(view, Identity.of(principal, policies(view, role)), role);
  }

  private static Identity root(String account) {
    return Identity.of(Principal.root(account), List.of());
  }

  private static Identity deleted(String account, String name) {
    return Identity.of(
        Principal.user(account, name, name, Map.of()), List.of(denial("of a deleted user")));
  }

  /** Puts a user together from one state of the store; empty if there is none of that name. */
  private static Optional<Identity> user(View view, String account, String name) {
    return view.find(IamKind.USER, account, name)
        .map(
            user -> {
              Principal principal = Principal.user(account, name, user.id(), user.tags());
              return bounded(view, Identity.of(principal, policies(view, user)), user);
            });
  }

  private static List<Policy> policies(View view, IamRecord record) {
    List<Policy> policies = new ArrayList<>(List.of(OfAll.POLICY));
    addPolicies(view, record, "", policies);
    for (IamPart membership : record.parts(IamPart.Type.GROUP)) {
      Optional<IamRecord> group = view.find(IamKind.GROUP, record.account(), membership.name());
      group.ifPresentOrElse(
          found -> addPolicies(view, found, found.name() + "/", policies),
          () -> policies.add(denial("of the missing group " + membership.name())));
    }
    return policies;
  }

  private static void addPolicies(
      View view, IamRecord record, String prefix, List<Policy> policies) {
    PolicyKind inline = EntityPolicies.inline(record.kind());
    for (IamPart policy : record.parts(IamPart.Type.INLINE)) {
      policies.add(Policy.stored(inline, prefix + policy.name(), policy.text()));
    }
    for (IamPart attached : record.parts(IamPart.Type.ATTACHED)) {
      policies.add(managed(view, record.account(), attached.name()));
    }
  }

  private static Identity bounded(View view, Identity identity, IamRecord record) {
    return record
        .boundary()
        .map(arn -> identity.boundedBy(managed(view, record.account(), arn)))
        .orElse(identity);
  }

  private static Policy managed(View view, String account, String arn) {
    return view.find(IamKind.POLICY, account, IamNames.last(arn))
        .flatMap(ManagedPolicies::document)
        .map(document -> Policy.stored(PolicyKind.MANAGED, arn, document))
        .orElseGet(() -> denial(arn));
  }

  /** A text that is no policy: it denies everything, and says that it cannot be read. */
  private static Policy denial(String name) {
    return Policy.stored(PolicyKind.MANAGED, name, "");
  }
}
