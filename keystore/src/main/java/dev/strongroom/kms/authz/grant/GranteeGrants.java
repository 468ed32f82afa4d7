// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.grant;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The grants of one grantee on one key: those first that last longest, so that expired ones are not
 * in the way. A few are looked through, many have an index. Immutable.
 */
final class GranteeGrants {
  private static final int FEW = 8;

  private static final Comparator<Grant> LONGEST_FIRST =
      Comparator.comparing((Grant grant) -> grant.maxUses().isPresent())
          .thenComparing(grant -> grant.expiry().orElse(Instant.MAX), Comparator.reverseOrder())
          .thenComparing(Grant::id);

  private final List<Grant> all;
  private final int constrained;
  private final @Nullable GrantIndex index;

  private GranteeGrants(List<Grant> all, int constrained, @Nullable GrantIndex index) {
    this.all = all;
    this.constrained = constrained;
    this.index = index;
  }

  /** Takes ownership of {@code grants}. */
  static GranteeGrants owning(List<Grant> grants) {
    if (grants.size() > 1) {
      grants.sort(LONGEST_FIRST);
    }
    int constrained = 0;
    for (Grant grant : grants) {
      constrained += weight(grant);
    }
    return new GranteeGrants(
        grants, constrained, grants.size() > FEW ? GrantIndex.of(grants) : null);
  }

  private static int weight(Grant grant) {
    return grant.constraint().kind() == GrantConstraint.Kind.NONE ? 0 : 1;
  }

  /** Returns these and one more; its id must be new. */
  GranteeGrants with(Grant grant) {
    List<Grant> more = with(all, grant);
    GrantIndex old = index;
    return new GranteeGrants(
        more,
        constrained + weight(grant),
        old != null ? old.with(grant) : more.size() > FEW ? GrantIndex.of(more) : null);
  }

  /** Returns these without one, which is among them; null where it was the last. */
  @Nullable GranteeGrants without(Grant grant) {
    List<Grant> fewer = without(all, grant);
    if (fewer.isEmpty()) {
      return null;
    }
    return new GranteeGrants(
        fewer, constrained - weight(grant), index == null ? null : index.without(grant));
  }

  /** Returns a sorted list with one grant more. */
  static List<Grant> with(List<Grant> sorted, Grant grant) {
    List<Grant> more = new ArrayList<>(sorted.size() + 1);
    more.addAll(sorted);
    more.add(-1 - Collections.binarySearch(sorted, grant, LONGEST_FIRST), grant);
    return more;
  }

  /** Returns a sorted list without one of its grants. */
  static List<Grant> without(@Nullable List<Grant> sorted, Grant grant) {
    List<Grant> fewer = new ArrayList<>(sorted == null ? List.of() : sorted);
    fewer.remove(Collections.binarySearch(fewer, grant, LONGEST_FIRST));
    return fewer;
  }

  List<Grant> all() {
    return Collections.unmodifiableList(all);
  }

  boolean asksForContext(Operation operation) {
    return constrained > 0 && Grant.isConstrained(operation);
  }

  @Nullable Grant find(Operation operation, EncryptionContext context, Predicate<Grant> usable) {
    return index == null
        ? first(all, operation, context, usable)
        : index.find(operation, context, usable);
  }

  /** Returns the first grant that allows it; null where none does. */
  static @Nullable Grant first(
      @Nullable List<Grant> grants,
      Operation operation,
      EncryptionContext context,
      Predicate<Grant> usable) {
    if (grants != null) {
      for (int i = 0; i < grants.size(); i++) {
        Grant grant = grants.get(i);
        if (grant.operations().contains(operation)
            && (!Grant.isConstrained(operation) || grant.constraint().isMetBy(context))
            && usable.test(grant)) {
          return grant;
        }
      }
    }
    return null;
  }
}
