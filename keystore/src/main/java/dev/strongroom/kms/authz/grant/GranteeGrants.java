// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.grant;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The grants of one grantee on one key, so arranged that a look-up touches few: by operation where
 * the context does not matter, else by the whole context or by one pair of it. In each list those
 * come first that last longest, so that expired ones are not in the way.
 */
final class GranteeGrants {
  private static final Comparator<Grant> LONGEST_FIRST =
      Comparator.comparing((Grant grant) -> grant.maxUses().isPresent())
          .thenComparing(grant -> grant.expiry().orElse(Instant.MAX), Comparator.reverseOrder());

  private final List<Grant> all;
  private final Map<Operation, List<Grant>> open = new EnumMap<>(Operation.class);
  private final Map<EncryptionContext, List<Grant>> byContext = new HashMap<>();
  private final Map<Map.Entry<String, String>, List<Grant>> byPair = new HashMap<>();

  GranteeGrants(List<Grant> grants) {
    List<Grant> sorted = new ArrayList<>(grants);
    sorted.sort(LONGEST_FIRST);
    this.all = List.copyOf(sorted);
    all.forEach(this::index);
  }

  private void index(Grant grant) {
    boolean free = grant.constraint().kind() == GrantConstraint.Kind.NONE;
    for (Operation operation : grant.operations()) {
      if (free || !Grant.isConstrained(operation)) {
        open.computeIfAbsent(operation, any -> new ArrayList<>()).add(grant);
      }
    }
    EncryptionContext context = grant.constraint().context();
    if (grant.constraint().kind() == GrantConstraint.Kind.ENCRYPTION_CONTEXT_EQUALS) {
      byContext.computeIfAbsent(context, any -> new ArrayList<>()).add(grant);
    } else if (!free) {
      Map.Entry<String, String> pair = context.pairs().entrySet().iterator().next();
      byPair
          .computeIfAbsent(Map.entry(pair.getKey(), pair.getValue()), any -> new ArrayList<>())
          .add(grant);
    }
  }

  List<Grant> all() {
    return all;
  }

  boolean asksForContext(Operation operation) {
    return Grant.isConstrained(operation) && !(byContext.isEmpty() && byPair.isEmpty());
  }

  @Nullable Grant find(Operation operation, EncryptionContext context, Predicate<Grant> usable) {
    for (Grant grant : open.getOrDefault(operation, List.of())) {
      if (usable.test(grant)) {
        return grant;
      }
    }
    if (!asksForContext(operation)) {
      return null;
    }
    Grant found = first(byContext.get(context), operation, context, usable);
    if (found == null && !byPair.isEmpty()) {
      for (Map.Entry<String, String> pair : context.pairs().entrySet()) {
        found = first(byPair.get(pair), operation, context, usable);
        if (found != null) {
          break;
        }
      }
    }
    return found;
  }

  private static @Nullable Grant first(
      @Nullable List<Grant> grants,
      Operation operation,
      EncryptionContext context,
      Predicate<Grant> usable) {
    if (grants != null) {
      for (Grant grant : grants) {
        if (grant.operations().contains(operation)
            && grant.constraint().isMetBy(context)
            && usable.test(grant)) {
          return grant;
        }
      }
    }
    return null;
  }
}
