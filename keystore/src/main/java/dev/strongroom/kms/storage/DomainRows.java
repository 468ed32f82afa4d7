// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.key.DomainRecord;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The domain record as rows. The incarnation of a domain is its id, until a restore from a backup
 * makes a new one.
 */
final class DomainRows {
  private static final Long SLOT = 1L;

  private DomainRows() {}

  /** Reads the rows of the domain, which are not authenticated yet. */
  static Optional<Aggregate> find(Session session) throws SQLException {
    Optional<Aggregate> rows = Aggregate.find(session, Table.DOMAIN, SLOT);
    if (rows.isEmpty()) {
      requireEmpty(session);
    }
    return rows;
  }

  /** The domain is written first: without it, any row means that it was taken away. */
  private static void requireEmpty(Session session) throws SQLException {
    for (Table table : Table.values()) {
      if (session.number("SELECT count(*) FROM " + table.sqlName()) > 0) {
        throw Tampering.missing(Table.DOMAIN);
      }
    }
  }

  /** Returns the rows of a new domain. */
  static Aggregate toRows(DomainRecord domain) {
    return toRows(domain, domain.domainId().toString());
  }

  static Aggregate toRows(DomainRecord domain, String incarnation) {
    List<Row> keys = new ArrayList<>();
    for (DomainRecord.Version version : domain.versions()) {
      keys.add(
          Row.of(
              Table.DOMAIN_KEY,
              SLOT,
              (long) version.number(),
              version.wrapPolicy(),
              version.sentinel(),
              version.checkValue(),
              version.publicKey(),
              Row.nanos(version.creationDate()),
              version.retirementDate().map(Row::nanos).orElse(null),
              version.endorsement().length == 0 ? null : version.endorsement()));
    }
    String id = domain.domainId().toString();
    return new Aggregate(Row.of(Table.DOMAIN, SLOT, id, incarnation, KeyRows.PENDING), keys);
  }

  /**
   * @throws dev.strongroom.kms.KmsException.StoreTampered if a column holds what no KMS writes
   */
  static DomainRecord toDomain(Aggregate rows) {
    List<DomainRecord.Version> versions =
        rows.owned(Table.DOMAIN_KEY).stream()
            .sorted(Comparator.comparingLong(row -> row.integer("version")))
            .map(DomainRows::toVersion)
            .toList();
    if (versions.isEmpty()) {
      throw Tampering.incomplete(rows.root(), Table.DOMAIN_KEY);
    }
    try {
      return new DomainRecord(UUID.fromString(rows.root().text("domain_id")), versions);
    } catch (IllegalArgumentException e) {
      throw Tampering.unreadable(rows.root());
    }
  }

  private static DomainRecord.Version toVersion(Row row) {
    long number = row.integer("version");
    if (number < 1 || number > Integer.MAX_VALUE) {
      throw Tampering.unreadable(row);
    }
    byte @Nullable [] endorsement = row.maybeBytes("endorsement");
    return new DomainRecord.Version(
        (int) number,
        row.text("wrap_policy"),
        row.bytes("sentinel"),
        row.bytes("check_value"),
        row.bytes("public_key"),
        row.instant("creation_date"),
        endorsement == null ? new byte[0] : endorsement,
        row.maybeInstant("retirement_date"));
  }
}
