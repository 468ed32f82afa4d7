// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.grant;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.Operation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The grants of one key, by grantee. A look-up takes the same short time for one grant and for
 * 50,000; adding and removing one copies a 256th part of the index.
 */
public final class GrantSet {

  /** No grants. */
  public static final GrantSet EMPTY = of(List.of());

  private static final int SEGMENTS = 256;

  private final List<Map<String, GranteeGrants>> segments;
  private final int size;

  private GrantSet(List<Map<String, GranteeGrants>> segments, int size) {
    this.segments = segments;
    this.size = size;
  }

  /** Returns the set of these grants, all of one key. */
  public static GrantSet of(Collection<Grant> grants) {
    Map<String, List<Grant>> byGrantee = new HashMap<>();
    for (Grant grant : grants) {
      byGrantee.computeIfAbsent(grant.grantee(), any -> new ArrayList<>()).add(grant);
    }
    List<Map<String, GranteeGrants>> segments = new ArrayList<>(SEGMENTS);
    for (int i = 0; i < SEGMENTS; i++) {
      segments.add(new HashMap<>());
    }
    byGrantee.forEach(
        (grantee, its) -> segments.get(segment(grantee)).put(grantee, new GranteeGrants(its)));
    return new GrantSet(segments, grants.size());
  }

  private static int segment(String grantee) {
    int hash = grantee.hashCode();
    return (hash ^ hash >>> 8 ^ hash >>> 16) & SEGMENTS - 1;
  }

  /** Returns this set with one more grant, in place of the one of the same id and grantee. */
  public GrantSet with(Grant grant) {
    List<Grant> its = new ArrayList<>(ofGrantee(grant.grantee()));
    its.removeIf(other -> other.id().equals(grant.id()));
    its.add(grant);
    return replaced(grant.grantee(), its);
  }

  /** Returns this set without the grant of that id and grantee; itself where there is none. */
  public GrantSet without(Grant grant) {
    List<Grant> its = new ArrayList<>(ofGrantee(grant.grantee()));
    return its.removeIf(other -> other.id().equals(grant.id()))
        ? replaced(grant.grantee(), its)
        : this;
  }

  private GrantSet replaced(String grantee, List<Grant> its) {
    int at = segment(grantee);
    Map<String, GranteeGrants> segment = new HashMap<>(segments.get(at));
    GranteeGrants old = its.isEmpty() ? segment.remove(grantee) : put(segment, grantee, its);
    List<Map<String, GranteeGrants>> changed = new ArrayList<>(segments);
    changed.set(at, segment);
    return new GrantSet(changed, size + its.size() - (old == null ? 0 : old.all().size()));
  }

  private static @Nullable GranteeGrants put(
      Map<String, GranteeGrants> segment, String grantee, List<Grant> its) {
    return segment.put(grantee, new GranteeGrants(its));
  }

  public int size() {
    return size;
  }

  /** Returns the grants of a grantee, those first that last longest. */
  public List<Grant> ofGrantee(String grantee) {
    GranteeGrants its = segments.get(segment(grantee)).get(grantee);
    return its == null ? List.of() : its.all();
  }

  /**
   * Returns whether {@link #find} would look at the context: whether an answer is good for others.
   */
  public boolean asksForContext(String grantee, Operation operation) {
    GranteeGrants its = segments.get(segment(grantee)).get(grantee);
    return its != null && its.asksForContext(operation);
  }

  /**
   * Returns a grant of the grantee that is for the operation and whose constraint the context
   * meets; null where there is none.
   *
   * @param usable what else is asked of it: that it has not expired, for one
   */
  public @Nullable Grant find(
      String grantee, Operation operation, EncryptionContext context, Predicate<Grant> usable) {
    GranteeGrants its = segments.get(segment(grantee)).get(grantee);
    return its == null ? null : its.find(operation, context, usable);
  }

  @Override
  public String toString() {
    return "GrantSet[" + size + " grants]";
  }
}
