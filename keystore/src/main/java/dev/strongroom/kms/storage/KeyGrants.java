// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.authz.grant.GrantSet;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The grants of a key as the store had them at one moment. Whoever reads the key again hands them
 * back, and only what has changed since is read.
 */
public final class KeyGrants {

  /** Of a key that was not read before. */
  public static final KeyGrants UNKNOWN =
      new KeyGrants(GrantHash.of(0, List.of()), List.of(), GrantSet.EMPTY);

  private final GrantHash hash;
  private final List<List<Grant>> parts;
  private final GrantSet set;

  private KeyGrants(GrantHash hash, List<List<Grant>> parts, GrantSet set) {
    this.hash = hash;
    this.parts = parts;
    this.set = set;
  }

  public GrantSet set() {
    return set;
  }

  /** Returns the grants of today; of the parts that are as they were, nothing is read. */
  KeyGrants refreshed(GrantParts stored) throws SQLException {
    GrantHash now = stored.hash();
    if (now.isSameAs(hash)) {
      return this;
    }
    return now.parts() == hash.parts() ? changed(stored) : loaded(stored);
  }

  private static KeyGrants loaded(GrantParts stored) throws SQLException {
    List<List<Grant>> parts = stored.readAll(KeyGrants::grants);
    List<Grant> all = new ArrayList<>();
    parts.forEach(all::addAll);
    return new KeyGrants(stored.hash(), parts, GrantSet.of(all));
  }

  private KeyGrants changed(GrantParts stored) throws SQLException {
    List<List<Grant>> current = new ArrayList<>(parts);
    GrantSet changed = set;
    for (int part = 0; part < current.size(); part++) {
      if (!MessageDigest.isEqual(hash.part(part), stored.hash().part(part))) {
        List<Grant> grants = grants(stored.read(part));
        changed = replaced(changed, current.set(part, grants), grants);
      }
    }
    return new KeyGrants(stored.hash(), current, changed);
  }

  private static List<Grant> grants(List<Row> rows) {
    List<Grant> grants = new ArrayList<>(rows.size());
    for (Row row : rows) {
      grants.add(GrantRows.toGrant(row));
    }
    return grants;
  }

  /** A grant never changes, so its id tells all. */
  private static GrantSet replaced(GrantSet set, List<Grant> before, List<Grant> after) {
    Set<String> gone = new HashSet<>();
    before.forEach(grant -> gone.add(grant.id()));
    GrantSet changed = set;
    for (Grant grant : after) {
      if (!gone.remove(grant.id())) {
        changed = changed.with(grant);
      }
    }
    for (String id : gone) {
      changed = changed.without(id);
    }
    return changed;
  }
}
