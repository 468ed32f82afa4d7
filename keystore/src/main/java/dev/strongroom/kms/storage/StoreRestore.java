// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.DomainRecord;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Fills a store that has nothing with the rows of a copy, in one transaction: all of it is proven
 * before that is committed, and nothing is left of it otherwise.
 */
final class StoreRestore {
  private static final String PRIMARY = "primary_region";
  private static final String REPLICAS = "replica_regions";

  private final JdbcStore.Restoring restoring;
  private final Function<DomainRecord, RowAuthenticator> authenticator;

  StoreRestore(
      JdbcStore.Restoring restoring, Function<DomainRecord, RowAuthenticator> authenticator) {
    this.restoring = restoring;
    this.authenticator = authenticator;
  }

  long run(Session session, JdbcStore.Image image) throws SQLException {
    if (DomainRows.find(session).isPresent()) {
      throw JdbcStore.occupied();
    }
    try (InputStream in = image.open()) {
      StoreImage.read(
          new DataInputStream(in),
          row -> session.execute(row.table().insertSql(), row.parameters().toArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Aggregate domain = DomainRows.find(session).orElseThrow(() -> Tampering.missing(Table.DOMAIN));
    DomainRecord record = DomainRows.toDomain(domain);
    RowMacs macs = new RowMacs(authenticator.apply(record));
    macs.verify(domain);
    StoreTrust trust = new StoreTrust(macs);
    long roots = new Scan(session, macs, trust, (done, total) -> {}).runWithGrants(0);
    if (!trust.verified().equals(restoring.expected())) {
      throw Tampering.otherSet();
    }
    Changes changes = new Changes(session, macs, trust.head(session, 0));
    Restoration restoration = restoring.restoration();
    changes.put(Optional.of(domain), DomainRows.toRows(record, restoration.incarnation()));
    changes.put(Optional.empty(), new Aggregate(RestorationTable.toRow(restoration, null)));
    forgetStreams(session, changes);
    if (!restoring.fromRegion().equals(restoring.toRegion())) {
      moveKeys(session, changes);
    }
    changes.write();
    return roots;
  }

  /** Those whose journals stayed where they were: they are proven there, by the public key. */
  private void forgetStreams(Session session, Changes changes) throws SQLException {
    Set<UUID> kept = restoring.streams();
    for (Row row : session.select(Table.AUDIT_STREAM, Table.AUDIT_STREAM.selectSql())) {
      if (!kept.contains(UUID.fromString(row.text("stream_id")))) {
        changes.delete(new Aggregate(row));
      }
    }
  }

  private void moveKeys(Session session, Changes changes) throws SQLException {
    @Nullable List<Object> after = null;
    List<Aggregate> page;
    do {
      page = Aggregate.page(session, Table.CMK, after, 500);
      for (Aggregate key : page) {
        changes.put(Optional.of(key), moved(key));
      }
      after = page.isEmpty() ? null : page.get(page.size() - 1).root().key();
    } while (page.size() == 500);
  }

  private Aggregate moved(Aggregate key) {
    Row root = key.root();
    String from = restoring.fromRegion();
    String to = restoring.toRegion();
    if (root.text("region").equals(from)) {
      root = root.with("region", to);
    }
    Optional<String> primary = root.maybeText(PRIMARY);
    if (primary.isPresent()) {
      List<String> replicas = List.of(root.maybeText(REPLICAS).orElse("").split(" "));
      if (primary.get().equals(to) || replicas.contains(to)) {
        throw new KmsException.InvalidState(
            "The multi-Region key "
                + root.text("key_id")
                + " is in the region "
                + to
                + " already. Restore into a region that has no replica of a key of this store.");
      }
      root = root.with(PRIMARY, primary.get().equals(from) ? to : primary.get());
      root =
          root.with(
              REPLICAS,
              String.join(
                  " ",
                  replicas.stream().map(region -> region.equals(from) ? to : region).toList()));
    }
    List<Row> owned = new ArrayList<>();
    Table.CMK.owned().forEach(table -> owned.addAll(key.owned(table)));
    return new Aggregate(root, owned);
  }
}
