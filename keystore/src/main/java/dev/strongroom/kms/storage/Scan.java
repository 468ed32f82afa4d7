// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException.StoreTampered;
import dev.strongroom.kms.storage.KeyStorage.Progress;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of the store and proves all of them with the one MAC of the head row.
 *
 * <p>Why that is enough, and no MAC per row is needed: the head's MAC vouches for set_hash and
 * row_count. Finding other rows with the same set hash and count means breaking {@link SetHash} or
 * SHA-256, whatever rows of older states somebody collected. So the roots read here are exactly
 * those that the KMS wrote last, and each root's hash columns vouch for the rows that it owns.
 * Nothing read may be used before {@link #run} returns.
 *
 * <p>For one transaction, which sees one state of the store.
 */
final class Scan {
  private static final int PAGE = 500;

  private final Session session;
  private final RowMacs macs;
  private final StoreTrust trust;
  private final Progress progress;

  Scan(Session session, RowMacs macs, StoreTrust trust, Progress progress) {
    this.session = session;
    this.macs = macs;
    this.trust = trust;
    this.progress = progress;
  }

  /** What is done with each root. */
  interface Visit {
    void accept(Aggregate root) throws SQLException;
  }

  /**
   * Proves the roots and what they own but grants, of which a key may have very many: whoever reads
   * grants checks them then.
   *
   * @param mark see {@link StoreTrust#mark()}
   * @param each is given each root; what it keeps counts only once this method has returned
   * @return the number of roots
   * @throws StoreTampered naming the row, where it can be told
   */
  long run(long mark, Visit each) throws SQLException {
    Row head = trust.head(session, mark);
    SetHash set = new SetHash();
    long total = head.integer("row_count");
    long[] count = {0};
    for (Table table : Table.covered()) {
      forEach(
          table,
          root -> {
            macs.verifyOwned(root);
            set.add(RowMacs.leaf(root.root()));
            count[0]++;
            each.accept(root);
            progress.verified(count[0], total);
          });
    }
    if (count[0] != total || !set.isSameAs(SetHash.fromBytes(head.bytes("set_hash")))) {
      throw diagnosis();
    }
    return total;
  }

  /** Proves the grants of all keys, too, and that there are no others. */
  long runWithGrants(long mark) throws SQLException {
    long[] grants = {0};
    long total = run(mark, root -> grants[0] += verifyGrants(root.root()));
    if (session.number("SELECT count(*) FROM " + Table.KEY_GRANT.sqlName()) != grants[0]) {
      throw Tampering.otherSet();
    }
    return total;
  }

  private long verifyGrants(Row root) throws SQLException {
    return root.table() == Table.CMK ? new GrantParts(session, macs, root).verify() : 0;
  }

  private void forEach(Table table, Visit each) throws SQLException {
    @Nullable List<Object> after = null;
    List<Aggregate> page;
    do {
      page = Aggregate.page(session, table, after, PAGE);
      for (Aggregate root : page) {
        each.accept(root);
      }
      after = page.isEmpty() ? null : page.get(page.size() - 1).root().key();
    } while (page.size() == PAGE);
  }

  /** Looks for a root that was altered: one MAC per root, which is slow and happens once. */
  private StoreTampered diagnosis() throws SQLException {
    try {
      for (Table table : Table.covered()) {
        forEach(table, macs::verify);
      }
    } catch (StoreTampered altered) {
      return altered;
    }
    return Tampering.otherSet();
  }
}
