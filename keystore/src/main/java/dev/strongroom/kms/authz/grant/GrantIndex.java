// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.grant;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.Operation;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Many grants of one grantee, so arranged that a look-up touches few: by operation where the
 * context does not matter, else by the whole context or by one pair of it. Immutable.
 */
final class GrantIndex {
  private final Map<Operation, List<Grant>> open;
  private final Segments<EncryptionContext, List<Grant>> byContext;
  private final Segments<Map.Entry<String, String>, List<Grant>> byPair;

  private GrantIndex(
      Map<Operation, List<Grant>> open,
      Segments<EncryptionContext, List<Grant>> byContext,
      Segments<Map.Entry<String, String>, List<Grant>> byPair) {
    this.open = open;
    this.byContext = byContext;
    this.byPair = byPair;
  }

  /** Returns the index of these grants, in whose order they are found. */
  static GrantIndex of(List<Grant> grants) {
    Map<Operation, List<Grant>> open = new EnumMap<>(Operation.class);
    Map<EncryptionContext, List<Grant>> byContext = new HashMap<>();
    Map<Map.Entry<String, String>, List<Grant>> byPair = new HashMap<>();
    for (Grant grant : grants) {
      for (Operation operation : grant.operations()) {
        if (isOpen(grant, operation)) {
          open.computeIfAbsent(operation, any -> new ArrayList<>()).add(grant);
        }
      }
      switch (grant.constraint().kind()) {
        case NONE -> {}
        case ENCRYPTION_CONTEXT_EQUALS ->
            byContext
                .computeIfAbsent(grant.constraint().context(), any -> new ArrayList<>(1))
                .add(grant);
        case ENCRYPTION_CONTEXT_SUBSET ->
            byPair.computeIfAbsent(pairOf(grant), any -> new ArrayList<>(1)).add(grant);
      }
    }
    return new GrantIndex(open, Segments.of(byContext), Segments.of(byPair));
  }

  private static boolean isOpen(Grant grant, Operation operation) {
    return grant.constraint().kind() == GrantConstraint.Kind.NONE
        || !Grant.isConstrained(operation);
  }

  /** Returns one of the pairs that the grant asks for: whoever has them all has this one. */
  private static Map.Entry<String, String> pairOf(Grant grant) {
    Map.Entry<String, String> pair =
        grant.constraint().context().pairs().entrySet().iterator().next();
    return Map.entry(pair.getKey(), pair.getValue());
  }

  GrantIndex with(Grant grant) {
    return changed(grant, grants -> GranteeGrants.with(grants == null ? List.of() : grants, grant));
  }

  GrantIndex without(Grant grant) {
    return changed(grant, grants -> nullIfEmpty(GranteeGrants.without(grants, grant)));
  }

  private static @Nullable List<Grant> nullIfEmpty(List<Grant> grants) {
    return grants.isEmpty() ? null : grants;
  }

  private GrantIndex changed(Grant grant, UnaryOperator<@Nullable List<Grant>> change) {
    Map<Operation, List<Grant>> changed = new EnumMap<>(Operation.class);
    changed.putAll(open);
    for (Operation operation : grant.operations()) {
      if (isOpen(grant, operation)) {
        changed.compute(operation, (any, grants) -> change.apply(grants));
      }
    }
    return switch (grant.constraint().kind()) {
      case NONE -> new GrantIndex(changed, byContext, byPair);
      case ENCRYPTION_CONTEXT_EQUALS ->
          new GrantIndex(changed, byContext.with(grant.constraint().context(), change), byPair);
      case ENCRYPTION_CONTEXT_SUBSET ->
          new GrantIndex(changed, byContext, byPair.with(pairOf(grant), change));
    };
  }

  @Nullable Grant find(Operation operation, EncryptionContext context, Predicate<Grant> usable) {
    Grant found = GranteeGrants.first(open.get(operation), operation, context, usable);
    if (found == null && Grant.isConstrained(operation)) {
      found = GranteeGrants.first(byContext.get(context), operation, context, usable);
      for (Map.Entry<String, String> pair : context.pairs().entrySet()) {
        if (found != null) {
          break;
        }
        found = GranteeGrants.first(byPair.get(pair), operation, context, usable);
      }
    }
    return found;
  }
}
