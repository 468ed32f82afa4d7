// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.DerCertificate;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Trusted certificates in a database: accounts as roots, which own their certificates. */
final class TrustTable {
  private final Transactions transactions;

  TrustTable(Transactions transactions) {
    this.transactions = transactions;
  }

  List<TrustedCertificateRow> list(String account) {
    return transactions
        .read(session -> find(session, account))
        .map(rows -> rows.owned(Table.TRUSTED_CERTIFICATE))
        .orElse(List.of())
        .stream()
        .map(TrustTable::toCertificate)
        .sorted(Comparator.comparing(TrustedCertificateRow::name))
        .toList();
  }

  private Optional<Aggregate> find(Session session, String account) throws SQLException {
    return transactions.find(session, Table.TRUST_STORE, account);
  }

  void save(String account, TrustedCertificateRow certificate) {
    transactions.writeTrust(
        (session, changes) -> {
          Optional<Aggregate> stored = find(session, account);
          List<Row> rows = othersThan(certificate.name(), stored);
          if (rows.size() >= KeyStorage.TRUSTED_CERTIFICATES_PER_ACCOUNT) {
            throw new KmsException.LimitExceeded(
                "There are "
                    + rows.size()
                    + " trusted certificates, the most that an account can have. Delete one first.");
          }
          rows.add(toRow(account, certificate));
          changes.put(stored, new Aggregate(root(account), rows));
          return true;
        });
  }

  void delete(String account, String name) {
    transactions.writeTrust(
        (session, changes) -> {
          Optional<Aggregate> stored = find(session, account);
          List<Row> rows = othersThan(name, stored);
          if (stored.isEmpty()
              || rows.size() == stored.get().owned(Table.TRUSTED_CERTIFICATE).size()) {
            throw new KmsException.NotFound(
                "There is no trusted certificate \""
                    + name
                    + "\". The KeyStore lists those that there are.");
          }
          changes.put(stored, new Aggregate(root(account), rows));
          return true;
        });
  }

  private static List<Row> othersThan(String name, Optional<Aggregate> stored) {
    List<Row> rows = new ArrayList<>();
    for (Row row : stored.map(s -> s.owned(Table.TRUSTED_CERTIFICATE)).orElse(List.of())) {
      if (!row.text("name").equals(name)) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static Row root(String account) {
    return Row.of(Table.TRUST_STORE, account, KeyRows.PENDING);
  }

  private static Row toRow(String account, TrustedCertificateRow certificate) {
    return Row.of(
        Table.TRUSTED_CERTIFICATE,
        account,
        certificate.name(),
        certificate.certificate().toBytes(),
        Row.nanos(certificate.creationDate()));
  }

  private static TrustedCertificateRow toCertificate(Row row) {
    return new TrustedCertificateRow(
        row.text("name"), new DerCertificate(row.bytes("der")), row.instant("creation_date"));
  }
}
