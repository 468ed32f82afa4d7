// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.ConnectionErrorCode;
import dev.strongroom.kms.ConnectionState;
import dev.strongroom.kms.KmsException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Custom key stores in a database, each a root of its own. */
final class CustomKeyStoreTable implements CustomKeyStoreStorage {
  private static final Table TABLE = Table.CUSTOM_KEY_STORE;
  private static final String ALL = TABLE.selectSql() + " ORDER BY custom_key_store_id";
  private static final String KEYS = "SELECT count(*) FROM cmk WHERE custom_key_store_id = ?";

  private final Transactions transactions;

  CustomKeyStoreTable(Transactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public List<CustomKeyStoreRow> list(String account) {
    return transactions.read(this::all).stream()
        .filter(store -> store.account().equals(account))
        .toList();
  }

  private List<CustomKeyStoreRow> all(Session session) throws SQLException {
    return session.select(TABLE, ALL).stream()
        .map(row -> toStore(transactions.macs().require(row)))
        .toList();
  }

  @Override
  public Optional<CustomKeyStoreRow> find(String id) {
    return transactions.read(session -> transactions.find(session, TABLE, id)).map(this::toStore);
  }

  @Override
  public void save(CustomKeyStoreRow store) {
    transactions.writeCustomKeyStores(
        (session, changes) -> {
          List<CustomKeyStoreRow> others =
              all(session).stream().filter(other -> !other.id().equals(store.id())).toList();
          requireFree(store, others);
          changes.put(current(session, store), new Aggregate(toRow(store)));
          return true;
        });
  }

  private static void requireFree(CustomKeyStoreRow store, List<CustomKeyStoreRow> others) {
    List<CustomKeyStoreRow> beside =
        others.stream().filter(other -> other.account().equals(store.account())).toList();
    if (store.revision() == 0 && beside.size() >= PER_ACCOUNT) {
      throw new KmsException.LimitExceeded(
          "There are "
              + PER_ACCOUNT
              + " custom key stores, the most that an account can have. Delete one first.");
    }
    if (beside.stream().anyMatch(other -> other.name().equals(store.name()))) {
      throw new KmsException.CustomKeyStoreNameInUse(
          "There is a custom key store \"" + store.name() + "\" already. Choose another name.");
    }
    if (others.stream().anyMatch(other -> other.cluster().equals(store.cluster()))) {
      throw new KmsException.CloudHsmClusterInUse(
          "Another custom key store has that token. A token is one customer's: make another one.");
    }
  }

  /** Returns what is stored, which must be what the caller changed. */
  private Optional<Aggregate> current(Session session, CustomKeyStoreRow store)
      throws SQLException {
    Optional<Aggregate> stored = transactions.find(session, TABLE, store.id());
    if (stored.map(rows -> rows.root().revision()).orElse(0L) != store.revision()) {
      throw new KmsException.Conflict(
          "Custom key store "
              + store.id()
              + " was changed by somebody else meanwhile. Look at it and try again.");
    }
    return stored;
  }

  @Override
  public void delete(CustomKeyStoreRow store) {
    transactions.writeCustomKeyStores(
        (session, changes) -> {
          long keys = session.number(KEYS, store.id());
          if (keys > 0) {
            throw new KmsException.CustomKeyStoreHasCMKs(
                "Custom key store "
                    + store.id()
                    + " has "
                    + keys
                    + (keys == 1 ? " key" : " keys")
                    + ", those included that are pending deletion. Schedule the deletion of its"
                    + " keys and wait until they are gone.");
          }
          current(session, store).ifPresent(changes::delete);
          return true;
        });
  }

  /**
   * @throws KmsException.CustomKeyStoreNotFound if there is none of that id any more
   */
  void require(Session session, String id) throws SQLException {
    if (transactions.find(session, TABLE, id).isEmpty()) {
      throw new KmsException.CustomKeyStoreNotFound(
          "Custom key store " + id + " was deleted meanwhile. Make the key in another one.");
    }
  }

  private static Row toRow(CustomKeyStoreRow store) {
    return Row.of(
        TABLE,
        store.id(),
        store.account(),
        store.name(),
        store.cluster(),
        store.state().name(),
        Row.nanos(store.creationDate()),
        store.error().map(Enum::name).orElse(null),
        store.errorMessage().orElse(null),
        store.checkValue().orElse(null));
  }

  private CustomKeyStoreRow toStore(Aggregate rows) {
    return toStore(rows.root());
  }

  private static CustomKeyStoreRow toStore(Row row) {
    try {
      return new CustomKeyStoreRow(
          row.text("custom_key_store_id"),
          row.text("account"),
          row.text("store_name"),
          row.text("cluster"),
          ConnectionState.valueOf(row.text("connection_state")),
          row.maybeText("error_code").map(ConnectionErrorCode::valueOf),
          row.maybeText("error_message"),
          row.maybeText("check_value"),
          row.instant("creation_date"),
          row.revision());
    } catch (IllegalArgumentException e) {
      throw Tampering.unreadable(row);
    }
  }
}
