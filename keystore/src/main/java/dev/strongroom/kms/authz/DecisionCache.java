// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.request.AccessRequest;
import dev.strongroom.kms.authz.request.FactReader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The decisions of one authorizer so far, as far as they hold for later requests: those that looked
 * at nothing but caller, operation and key, and those that also looked at the encryption context.
 * What depended on the time, on parameters or on the way of the request is decided anew each time.
 *
 * <p>Goes with its authorizer: whoever changes a policy or a grant makes both anew, so that no
 * decision outlives its reasons. Thread-safe; a hit takes no lock and makes no garbage.
 */
public final class DecisionCache {
  private static final int MAX_IDENTITIES = 1024;
  private static final int MAX_CONTEXTS = 256;

  private final Authorizer authorizer;
  private final ConcurrentMap<Identity, Known> identities = new ConcurrentHashMap<>();

  /** What is known of one identity. */
  private static final class Known {
    final ConcurrentMap<Operation, Decision> always = new ConcurrentHashMap<>();
    final ConcurrentMap<Operation, ConcurrentMap<EncryptionContext, Decision>> byContext =
        new ConcurrentHashMap<>();
  }

  public DecisionCache(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  public Authorizer authorizer() {
    return authorizer;
  }

  /** Returns what the authorizer decides, from the cache where it is known. */
  public Decision decide(Identity caller, AccessRequest request) {
    Decision known =
        isOrdinary(request) ? known(caller, request.operation(), request.context()) : null;
    return known == null ? decideAnew(caller, request) : known;
  }

  /**
   * Returns what was decided before and holds for every request with that context that makes or
   * ends no grant and has none whose uses are up; null where there is no such decision. Saves
   * making the request.
   */
  public @Nullable Decision known(Identity caller, Operation operation, EncryptionContext context) {
    Known known = identities.get(caller);
    if (known == null) {
      return null;
    }
    Decision always = known.always.get(operation);
    if (always != null) {
      return always;
    }
    ConcurrentMap<EncryptionContext, Decision> contexts = known.byContext.get(operation);
    return contexts == null ? null : contexts.get(context);
  }

  /** Returns whether the request brings nothing along that only it has. */
  private static boolean isOrdinary(AccessRequest request) {
    return request.details().exhausted().isEmpty();
  }

  private Decision decideAnew(Identity caller, AccessRequest request) {
    FactReader facts = new FactReader(request);
    Decision decision = authorizer.decide(caller, facts);
    if (!facts.readOther() && isOrdinary(request)) {
      keep(caller, request, decision, facts.readContext());
    }
    return decision;
  }

  private void keep(
      Identity caller, AccessRequest request, Decision decision, boolean dependsOnContext) {
    if (identities.size() >= MAX_IDENTITIES) {
      identities.clear();
    }
    Known known = identities.computeIfAbsent(caller, any -> new Known());
    Operation operation = request.operation();
    if (!dependsOnContext) {
      known.always.put(operation, decision);
      return;
    }
    ConcurrentMap<EncryptionContext, Decision> contexts =
        known.byContext.computeIfAbsent(operation, any -> new ConcurrentHashMap<>());
    if (contexts.size() >= MAX_CONTEXTS) {
      contexts.clear();
    }
    contexts.put(request.context(), decision);
  }
}
