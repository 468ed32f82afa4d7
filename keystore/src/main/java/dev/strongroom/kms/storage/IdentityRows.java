// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.IamKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Identities as rows. A user owns its access keys and its parts; the access keys of the account
 * root are owned by a principal with an empty name, which is no user. All others are entities that
 * own their parts.
 */
final class IdentityRows {
  private static final Comparator<IamPart> ORDER =
      Comparator.comparing(IamPart::type).thenComparing(IamPart::name);

  private IdentityRows() {}

  /** Returns the table of a kind's roots. */
  static Table table(IamKind kind) {
    return kind == IamKind.USER ? Table.PRINCIPAL : Table.IAM_ENTITY;
  }

  /** Returns the table of a kind's parts. */
  static Table parts(IamKind kind) {
    return kind == IamKind.USER ? Table.IDENTITY_POLICY : Table.ENTITY_PART;
  }

  /** Returns the primary key of a root. */
  static Object[] key(IamKind kind, String account, String name) {
    return kind == IamKind.USER
        ? new Object[] {account, name}
        : new Object[] {account, kind.name(), name};
  }

  /**
   * Returns a record's rows.
   *
   * @param accessKeys the rows of a user's access keys; none for others
   */
  static Aggregate toRows(IamRecord record, List<Row> accessKeys) {
    List<Row> rows = new ArrayList<>(accessKeys);
    for (IamPart part : record.parts()) {
      rows.add(part(record, part));
    }
    return new Aggregate(root(record), rows);
  }

  private static Row root(IamRecord record) {
    Long created = Row.nanos(record.creationDate());
    return record.kind() == IamKind.USER
        ? principal(record.account(), record.name(), record.id(), record.creationDate())
        : Row.of(
            Table.IAM_ENTITY,
            record.account(),
            record.kind().name(),
            record.name(),
            record.id(),
            created,
            KeyRows.PENDING);
  }

  static Row principal(String account, String name, String id, Instant creationDate) {
    return Row.of(
        Table.PRINCIPAL,
        account,
        name,
        id,
        Row.nanos(creationDate),
        KeyRows.PENDING,
        KeyRows.PENDING);
  }

  private static Row part(IamRecord record, IamPart part) {
    Long created = Row.nanos(part.creationDate());
    return record.kind() == IamKind.USER
        ? Row.of(
            Table.IDENTITY_POLICY,
            record.account(),
            record.name(),
            part.type().name(),
            part.name(),
            part.text(),
            created)
        : Row.of(
            Table.ENTITY_PART,
            record.account(),
            record.kind().name(),
            record.name(),
            part.type().name(),
            part.name(),
            part.text(),
            created);
  }

  static IamRecord toRecord(IamKind kind, Aggregate rows) {
    boolean isUser = kind == IamKind.USER;
    Row root = rows.root();
    return new IamRecord(
        kind,
        root.text("account"),
        root.text(isUser ? "user_name" : "entity_name"),
        root.text(isUser ? "user_id" : "entity_id"),
        root.instant("creation_date"),
        rows.owned(parts(kind)).stream().map(IdentityRows::toPart).sorted(ORDER).toList());
  }

  private static IamPart toPart(Row row) {
    try {
      return new IamPart(
          IamPart.Type.valueOf(row.text("part")),
          row.text("part_name"),
          row.text("document"),
          row.instant("creation_date"));
    } catch (IllegalArgumentException e) {
      throw Tampering.unreadable(row);
    }
  }

  static Row account(AccountRow account) {
    return Row.of(
        Table.ACCOUNT,
        account.account(),
        Row.nanos(account.creationDate()),
        account.name().orElse(null));
  }

  static AccountRow toAccount(Row row) {
    return new AccountRow(
        row.text("account"), row.instant("creation_date"), row.maybeText("account_name"));
  }

  static Row accessKey(AccessKeyRow key) {
    return Row.of(
        Table.ACCESS_KEY,
        key.accessKeyId(),
        key.account(),
        key.userName(),
        key.verifier(),
        key.isActive() ? 1L : 0L,
        Row.nanos(key.creationDate()));
  }

  static AccessKeyRow toAccessKey(Row row) {
    return new AccessKeyRow(
        row.text("access_key_id"),
        row.text("account"),
        row.text("user_name"),
        row.bytes("verifier"),
        row.integer("active") != 0,
        row.instant("creation_date"));
  }

  /** Returns the principal without an access key. */
  static Aggregate withoutAccessKey(Aggregate principal, String accessKeyId) {
    List<Row> rows = new ArrayList<>(principal.owned(Table.IDENTITY_POLICY));
    for (Row key : principal.owned(Table.ACCESS_KEY)) {
      if (!key.text("access_key_id").equals(accessKeyId)) {
        rows.add(key);
      }
    }
    return new Aggregate(principal.root(), rows);
  }

  /**
   * Returns the principal with its access keys, {@code key} among them in place of an older one.
   */
  static Aggregate withAccessKey(Aggregate principal, Row key) {
    Aggregate others = withoutAccessKey(principal, key.text("access_key_id"));
    List<Row> rows = new ArrayList<>(others.owned(Table.IDENTITY_POLICY));
    rows.addAll(others.owned(Table.ACCESS_KEY));
    rows.add(key);
    return new Aggregate(principal.root(), rows);
  }
}
