// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.authz.Identity;
import dev.strongroom.kms.authz.policy.Policy;
import dev.strongroom.kms.authz.policy.PolicyKind;
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
  private static final Pattern NAMED = Pattern.compile("arn:aws:iam::(\\d{12}):(?:root|user/(.+))");

  private static final Policy OF_ALL =
      Policy.parse(
          PolicyKind.MANAGED,
          "of all users",
          """
          {
            "Version": "2012-10-17",
            "Statement": [
              {"Sid": "LoadKeyStore", "Effect": "Allow", "Action": "kms:ListAliases", "Resource": "*"}
            ]
          }""");

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
    Matcher matcher = NAMED.matcher(arn);
    if (matcher.matches()) {
      String account = matcher.group(1);
      String user = matcher.group(2);
      if (user == null) {
        return root(account);
      }
      Optional<Identity> found = storage.view(view -> user(view, account, user));
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new KmsException.NotFound(
        "There is nobody of the name \""
            + arn
            + "\". Write an ARN as arn:aws:iam::000000000000:user/alice; 'iam list-users' shows who"
            + " there is.");
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
    };
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
    List<Policy> policies = new ArrayList<>(List.of(OF_ALL));
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
