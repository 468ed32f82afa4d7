// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tables whose rows are authenticated. The only description of them in Java: reading, writing,
 * comparing and authenticating rows all follow it, so that no column is ever left out.
 *
 * <p>A table is a root, or its rows are owned by rows of a root. Owned rows carry their owner's
 * primary key in columns of the same names, and the owner has a column {@code <table>_hash} over
 * all of them, see {@link RowMacs}. The last three columns of each table are {@code revision},
 * {@code mac_version} and {@code mac}; they are not repeated here.
 *
 * <p>Columns that a later migration adds are appended and may be absent. They are then encoded as
 * name and value, and only where they are present, so that rows written before keep their MACs. So
 * are the hash columns of tables that a later migration added: absent while there are no rows.
 */
enum Table {
  // spotless:off
  //          owner      primary key                                 other columns
  HEAD       (null,      key(integer("slot")),                       integer("row_count"), bytes("set_hash")),
  DOMAIN     (null,      key(integer("slot")),                       text("domain_id"), text("incarnation"), bytes("domain_key_hash")),
  DOMAIN_KEY (DOMAIN,    key(integer("slot"), integer("version")),   text("wrap_policy"), bytes("sentinel"), bytes("check_value"), bytes("public_key"), integer("creation_date"), maybe("retirement_date"), laterBytes("endorsement")),
  CMK        (null,      key(text("key_id")),                        text("region"), text("account"), text("spec"), text("key_usage"), text("key_state"), text("origin"), text("protection_level"), integer("subkey_cache"), text("description"), integer("creation_date"), maybe("deletion_date"),
                                                                     bytes("key_token_hash"), bytes("key_policy_hash"), bytes("alias_hash"), bytes("certificate_hash"), bytes("key_grant_hash"), later("pkcs1_decryption"), laterBytes("key_tag_hash"), later("rotation_period"), later("next_rotation"), later("material_expiry"), later("material_destruction"), laterText("custom_key_store_id"), laterText("primary_region"), laterText("replica_regions"), later("rotation_max_messages"), later("rotation_max_bytes"), later("rotation_messages"), later("rotation_bytes")),
  KEY_TOKEN  (CMK,       key(text("key_id"), integer("generation")), bytes("material_id"), bytes("token"), bytes("public_key"), integer("creation_date"), laterText("rotation_type"),
                                                                     laterText("presence"), later("pending_rotation"), later("valid_to"), later("destruction_date"), laterText("description")),
  KEY_POLICY (CMK,       key(text("key_id")),                        text("policy"), laterText("approval_rule")),
  ALIAS      (CMK,       key(text("account"), text("name")),         text("key_id"), integer("creation_date"), integer("last_updated_date")),
  CERTIFICATE(CMK,       key(text("key_id"), integer("position")),   bytes("der")),
  KEY_TAG    (CMK,       key(text("key_id"), text("tag_key")),       text("tag_value")),
  PRINCIPAL  (null,      key(text("account"), text("user_name")),    text("user_id"), integer("creation_date"), bytes("access_key_hash"), bytes("identity_policy_hash")),
  ACCESS_KEY (PRINCIPAL, key(text("access_key_id")),                 text("account"), text("user_name"), bytes("verifier"), integer("active"), integer("creation_date")),
  AUDIT_STREAM(null,     key(text("stream_id")),                     integer("started"), maybe("sealed"), bytes("last_state")),
  KEY_GRANT  (CMK,       key(text("key_id"), text("grant_id")),      text("issuing_account"), text("grantee"), text("retiring"), text("operations"), text("constraint_kind"), bytes("context"), text("name"),
                                                                     integer("creation_date"), maybe("expiry"), maybe("max_uses")),
  GRANT_USE  (null,      key(text("grant_id")),                      text("key_id"), integer("reserved")),
  TRUST_STORE(null,      key(text("account")),                       bytes("trusted_certificate_hash")),
  TRUSTED_CERTIFICATE(TRUST_STORE, key(text("account"), text("name")), bytes("der"), integer("creation_date")),
  APPROVAL_REQUEST(null, key(text("request_id")),                    text("key_id"), integer("expires"), maybe("used"), text("request"), laterText("account")),
  APPROVAL_RULE(null,    key(text("account")),                       text("rule")),
  ACCOUNT    (null,      key(text("account")),                       integer("creation_date"), laterText("account_name")),
  IDENTITY_POLICY(PRINCIPAL, key(text("account"), text("user_name"), text("part"), text("part_name")), text("document"), integer("creation_date")),
  IAM_ENTITY (null,      key(text("account"), text("kind"), text("entity_name")), text("entity_id"), integer("creation_date"), bytes("entity_part_hash")),
  ENTITY_PART(IAM_ENTITY, key(text("account"), text("kind"), text("entity_name"), text("part"), text("part_name")), text("document"), integer("creation_date")),
  ACCESS_KEY_USE(null,   key(text("access_key_id")),                 integer("last_used_date"), text("service_name"), text("region")),
  DELETED_KEY(null,      key(text("key_id")),                        text("region"), text("account"), integer("destroyed"), text("receipt"), maybe("recorded")),
  SEEN_TIME  (null,      key(integer("slot")),                       integer("seen")),
  CUSTOM_KEY_STORE(null, key(text("custom_key_store_id")),           text("account"), text("store_name"), text("cluster"), text("connection_state"), integer("creation_date"), laterText("error_code"), laterText("error_message"), laterText("check_value")),
  RESTORATION(null,      key(text("incarnation")),                   text("previous"), integer("restored"), text("receipt"), maybe("recorded"));
  // spotless:on

  private static final Map<Table, List<Table>> OWNED = new EnumMap<>(Table.class);

  static {
    for (Table owner : values()) {
      List<Table> owned = new ArrayList<>();
      for (Table table : values()) {
        if (table.owner == owner && table != KEY_GRANT) {
          owned.add(table);
        }
      }
      OWNED.put(owner, List.copyOf(owned));
    }
  }

  /** What a column holds. */
  enum Type {
    INTEGER,
    TEXT,
    BYTES
  }

  /** One column. */
  record Column(String name, Type type, boolean mayBeAbsent, boolean isLater) {}

  private final @Nullable Table owner;
  private final List<Column> key;
  private final List<Column> columns;
  private final List<String> ownerKeyNames;
  private final String insertSql;
  private final String updateSql;
  private final String deleteSql;
  private final String selectSql;

  Table(@Nullable Table owner, List<Column> key, Column... others) {
    this.owner = owner;
    this.key = key;
    List<Column> together = new ArrayList<>(key);
    together.addAll(List.of(others));
    this.columns = List.copyOf(together);
    this.ownerKeyNames = names(owner == null ? key : owner.key);
    List<String> names = new ArrayList<>(names(columns));
    names.addAll(List.of("revision", "mac_version", "mac"));
    String all = String.join(", ", names);
    String values = String.join(", ", Collections.nCopies(names.size(), "?"));
    String where = " WHERE " + equal(names(key), " AND ");
    this.insertSql = "INSERT INTO " + sqlName() + " (" + all + ") VALUES (" + values + ")";
    this.updateSql =
        "UPDATE " + sqlName() + " SET " + equal(names, ", ") + where + " AND revision = ?";
    this.deleteSql = "DELETE FROM " + sqlName() + where + " AND revision = ?";
    this.selectSql = "SELECT " + all + " FROM " + sqlName();
  }

  private static List<String> names(List<Column> columns) {
    List<String> names = new ArrayList<>();
    columns.forEach(column -> names.add(column.name()));
    return List.copyOf(names);
  }

  private static String equal(List<String> names, String separator) {
    return String.join(" = ?" + separator, names) + " = ?";
  }

  private static List<Column> key(Column... columns) {
    return List.of(columns);
  }

  private static Column integer(String name) {
    return new Column(name, Type.INTEGER, false, false);
  }

  private static Column maybe(String name) {
    return new Column(name, Type.INTEGER, true, false);
  }

  /** One that a later migration added: see above. */
  private static Column later(String name) {
    return new Column(name, Type.INTEGER, true, true);
  }

  private static Column laterText(String name) {
    return new Column(name, Type.TEXT, true, true);
  }

  private static Column laterBytes(String name) {
    return new Column(name, Type.BYTES, true, true);
  }

  private static Column text(String name) {
    return new Column(name, Type.TEXT, false, false);
  }

  private static Column bytes(String name) {
    return new Column(name, Type.BYTES, false, false);
  }

  /** Returns all tables but the head: what a new version of the domain key authenticates anew. */
  static List<Table> belowHead() {
    return Stream.of(values()).filter(table -> table != HEAD).toList();
  }

  /** Returns the roots that the head's set hash covers. */
  static List<Table> covered() {
    return Stream.of(values()).filter(table -> table.owner == null && table != HEAD).toList();
  }

  /**
   * Returns whether the audit trail has what happens to rows of this table, as that of all that
   * somebody administers. Uses are counted without, time passes without; so are the streams of the
   * trail itself.
   */
  boolean isRecorded() {
    return switch (this) {
      case AUDIT_STREAM, GRANT_USE, ACCESS_KEY_USE, SEEN_TIME, HEAD -> false;
      default -> owner == null;
    };
  }

  /** Returns the name in the database and in hashes. */
  String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns all columns but the last three, those of the primary key first. */
  List<Column> columns() {
    return columns;
  }

  int keyColumns() {
    return key.size();
  }

  /**
   * Returns the tables whose rows belong to rows of this one and are read and written with it.
   * Grants are not among them: a key has up to 50,000; see {@link GrantParts}.
   */
  List<Table> owned() {
    return OWNED.getOrDefault(this, List.of());
  }

  /** Returns the column of the owner that holds the hash of the rows of this table. */
  String hashColumn() {
    return sqlName() + "_hash";
  }

  /**
   * Returns whether the owner's {@link #hashColumn()} is absent where there are no rows, since
   * owners were written before this table was there.
   */
  boolean isLater() {
    return owner != null && owner.columns.get(owner.indexOf(hashColumn())).isLater();
  }

  /** Returns the names of the columns that hold the primary key of the owner, or the own one's. */
  List<String> ownerKeyNames() {
    return ownerKeyNames;
  }

  int indexOf(String column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(column)) {
        return i;
      }
    }
    throw new IllegalArgumentException("Table " + sqlName() + " has no column " + column);
  }

  /** Returns the statement whose parameters are all columns and the last three. */
  String insertSql() {
    return insertSql;
  }

  /** Returns the statement whose parameters are as of insertSql, the key, and the old revision. */
  String updateSql() {
    return updateSql;
  }

  /** Returns the statement whose parameters are the primary key and the revision. */
  String deleteSql() {
    return deleteSql;
  }

  /** Returns the statement that reads all columns and the last three; a condition may follow. */
  String selectSql() {
    return selectSql;
  }

  /** Returns the statement that reads the rows that belong to one owner, or the root itself. */
  String selectByOwnerSql() {
    return selectSql + " WHERE " + equal(ownerKeyNames(), " AND ");
  }
}
