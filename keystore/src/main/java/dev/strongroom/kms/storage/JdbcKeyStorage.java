// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.KmsKey;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Keys in a database, as roots with the rows they own. Identities are {@link IdentityTables}'. */
final class JdbcKeyStorage implements KeyStorage {
  private static final Logger LOG = System.getLogger(JdbcKeyStorage.class.getName());

  private final Transactions transactions;
  private final IdentityTables identities;
  private final AccessKeyTable accessKeys;
  private final AuditStreamTable streams;
  private final ApprovalTable approvals;
  private final GrantTable grants;
  private final TrustTable trust;
  private final DeletionTable deletions;
  private final DomainTable domain;
  private final CustomKeyStoreTable customKeyStores;
  private final RestorationTable restorations;

  JdbcKeyStorage(Transactions transactions) {
    this.transactions = transactions;
    this.identities = new IdentityTables(transactions);
    this.accessKeys = new AccessKeyTable(transactions, identities);
    this.streams = new AuditStreamTable(transactions);
    this.approvals = new ApprovalTable(transactions);
    this.grants = new GrantTable(transactions, approvals);
    this.trust = new TrustTable(transactions);
    this.deletions = new DeletionTable(transactions);
    this.domain = new DomainTable(transactions, approvals);
    this.customKeyStores = new CustomKeyStoreTable(transactions);
    this.restorations = new RestorationTable(transactions);
  }

  @Override
  public Optional<KmsKey> findKey(KeyId id) {
    return transactions.read(session -> find(session, id)).map(KeyRows::toKey);
  }

  private Optional<Aggregate> find(Session session, KeyId id) throws SQLException {
    return transactions.find(session, Table.CMK, id.text());
  }

  /**
   * The key's own hash over its aliases decides, not the alias row alone: that may be an old one.
   */
  @Override
  public Optional<KeyId> resolve(String account, Alias alias) {
    return transactions.read(
        session -> {
          List<Row> rows = session.select(Table.ALIAS, BY_ALIAS, account, alias.name());
          return rows.isEmpty()
              ? Optional.empty()
              : Optional.of(KeyRows.parseId(ownerOf(session, rows.get(0)).root().text("key_id")));
        });
  }

  private static final String BY_ALIAS =
      Table.ALIAS.selectSql() + " WHERE account = ? AND name = ?";

  private Aggregate ownerOf(Session session, Row alias) throws SQLException {
    return find(session, KeyRows.parseId(alias.text("key_id")))
        .orElseThrow(() -> Tampering.ownerless(alias));
  }

  @Override
  public List<KeyId> listKeys(String account, Optional<KeyId> after, int limit) {
    String sql =
        Table.CMK.selectSql() + " WHERE account = ? AND key_id > ? ORDER BY key_id LIMIT ?";
    return transactions.read(
        session -> {
          List<KeyId> ids = new ArrayList<>();
          String last = after.map(KeyId::text).orElse("");
          for (Row row : session.select(Table.CMK, sql, account, last, limit)) {
            ids.add(KeyRows.parseId(transactions.macs().require(row).text("key_id")));
          }
          return ids;
        });
  }

  @Override
  public List<AliasRow> listAliases(String account, Optional<Alias> after, int limit) {
    String sql = Table.ALIAS.selectSql() + " WHERE account = ? AND name > ? ORDER BY name LIMIT ?";
    return transactions.read(
        session -> {
          Map<String, KmsKey> owners = new HashMap<>();
          List<AliasRow> aliases = new ArrayList<>();
          String last = after.map(Alias::name).orElse("");
          for (Row row : session.select(Table.ALIAS, sql, account, last, limit)) {
            KmsKey owner = owners.get(row.text("key_id"));
            if (owner == null) {
              owner = KeyRows.toListedKey(ownerOf(session, row));
              owners.put(row.text("key_id"), owner);
            }
            aliases.add(aliasOf(owner, row));
          }
          return aliases;
        });
  }

  private static AliasRow aliasOf(KmsKey owner, Row row) {
    return owner.aliases().stream()
        .filter(named -> named.alias().name().equals(row.text("name")))
        .map(
            named ->
                new AliasRow(
                    named.alias(), owner.keyId(), named.creationDate(), named.lastUpdatedDate()))
        .findFirst()
        .orElseThrow(() -> Tampering.altered(row));
  }

  @Override
  public List<KmsKey> loadAll(String account) {
    List<KmsKey> keys = new ArrayList<>();
    transactions.scan(
        root -> {
          if (root.root().table() == Table.CMK && root.root().text("account").equals(account)) {
            listed(root).ifPresent(keys::add);
          }
        });
    return keys;
  }

  /**
   * One key that cannot be read must not hide the others: a later version may have written it. That
   * all rows are authentic is proven by the scan, whatever they say.
   */
  private static Optional<KmsKey> listed(Aggregate root) {
    try {
      return Optional.of(KeyRows.toListedKey(root));
    } catch (KmsException.StoreTampered e) {
      LOG.log(Level.WARNING, "A key is left out of the list: " + e.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public List<KmsKey> save(List<KmsKey> keys) {
    return transactions.write(ids(keys), false, (session, changes) -> save(session, changes, keys));
  }

  @Override
  public List<KmsKey> save(List<KmsKey> keys, List<ApprovalUse> uses) {
    return transactions.write(
        ids(keys),
        false,
        (session, changes) -> {
          for (ApprovalUse use : uses) {
            approvals.change(session, changes, use);
          }
          return save(session, changes, keys);
        });
  }

  private static Set<KeyId> ids(List<KmsKey> keys) {
    return keys.stream().map(KmsKey::keyId).collect(Collectors.toSet());
  }

  @Override
  public void requireSavable(List<KmsKey> keys) {
    transactions.read(session -> savable(session, keys));
  }

  private List<KmsKey> save(Session session, Changes changes, List<KmsKey> keys)
      throws SQLException {
    Map<KeyId, Optional<Aggregate>> current = savable(session, keys);
    for (KmsKey key : keys) {
      changes.put(current.getOrDefault(key.keyId(), Optional.empty()), KeyRows.toRows(key));
    }
    return keys.stream().map(key -> key.withRevision(changes.revision())).toList();
  }

  /** Returns the rows that there are of keys, which may be written. */
  private Map<KeyId, Optional<Aggregate>> savable(Session session, List<KmsKey> keys)
      throws SQLException {
    Map<KeyId, Optional<Aggregate>> current = new HashMap<>();
    for (KmsKey key : keys) {
      current.put(key.keyId(), current(session, key));
    }
    requireDistinct(keys); // of keys that changed meanwhile the aliases say nothing
    for (KmsKey key : keys) {
      requireAliasesFree(session, key, current.keySet());
      if (key.revision() == 0 && key.storedObject().isPresent()) {
        customKeyStores.require(session, key.storedObject().get().store());
      }
    }
    return current;
  }

  private static void requireDistinct(List<KmsKey> keys) {
    Set<KeyId> ids = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (KmsKey key : keys) {
      if (!ids.add(key.keyId())) {
        throw new IllegalArgumentException("KMS key " + key.keyId() + " is there twice");
      }
      for (KmsKey.NamedAlias named : key.aliases()) {
        if (!names.add(key.arn().place().account() + ":" + named.alias().name())) {
          throw KeyStorage.taken(named.alias());
        }
      }
    }
  }

  /** Returns the key's rows, which must be those that the caller changed. */
  private Optional<Aggregate> current(Session session, KmsKey key) throws SQLException {
    Optional<Aggregate> stored = find(session, key.keyId());
    long revision = stored.map(rows -> rows.root().revision()).orElse(0L);
    if (revision != key.revision()) {
      throw new KmsException.Conflict(
          "KMS key "
              + key.keyId()
              + " was changed by somebody else meanwhile. Read it and apply the change again.");
    }
    return stored;
  }

  /** An alias may come from a key that is written as well, since that one then loses it. */
  private static void requireAliasesFree(Session session, KmsKey key, Set<KeyId> written)
      throws SQLException {
    for (KmsKey.NamedAlias named : key.aliases()) {
      String account = key.arn().place().account();
      for (Row row : session.select(Table.ALIAS, BY_ALIAS, account, named.alias().name())) {
        KeyId owner = KeyRows.parseId(row.text("key_id"));
        if (!owner.equals(key.keyId()) && !written.contains(owner)) {
          throw KeyStorage.taken(named.alias());
        }
      }
    }
  }

  private static final String DUE_FOR_ROTATION =
      "SELECT key_id FROM cmk WHERE next_rotation IS NOT NULL AND next_rotation <= ?"
          + " AND key_state = 'ENABLED' ORDER BY next_rotation, key_id LIMIT ?";

  @Override
  public List<KeyId> dueForRotation(Instant until, int limit) {
    return transactions
        .read(session -> session.texts(DUE_FOR_ROTATION, Row.nanos(until), limit))
        .stream()
        .map(KeyRows::parseId)
        .toList();
  }

  private static final String MATERIAL_DUE =
      "SELECT key_id FROM cmk WHERE material_expiry <= ? UNION"
          + " SELECT key_id FROM cmk WHERE material_destruction <= ? LIMIT ?";

  @Override
  public List<KeyId> withDueMaterial(Instant until, int limit) {
    long nanos = Row.nanos(until);
    return transactions.read(session -> session.texts(MATERIAL_DUE, nanos, nanos, limit)).stream()
        .map(KeyRows::parseId)
        .toList();
  }

  @Override
  public GrantStorage grants() {
    return grants;
  }

  @Override
  public DomainStorage domain() {
    return domain;
  }

  @Override
  public DeletionStorage deletions() {
    return deletions;
  }

  @Override
  public RestorationStorage restorations() {
    return restorations;
  }

  @Override
  public CustomKeyStoreStorage customKeyStores() {
    return customKeyStores;
  }

  @Override
  public <T> T view(Look<T> look) {
    return identities.view(look);
  }

  @Override
  public <T> T change(Work<T> work) {
    return identities.change(work);
  }

  @Override
  public Optional<AccessKeyRow> findAccessKey(String accessKeyId) {
    return accessKeys.find(accessKeyId);
  }

  @Override
  public List<AccessKeyRow> listAccessKeys(String account, String userName) {
    return accessKeys.list(account, userName);
  }

  @Override
  public void updateAccessKey(String accessKeyId, boolean active) {
    accessKeys.update(accessKeyId, active);
  }

  @Override
  public void deleteAccessKey(String accessKeyId) {
    accessKeys.delete(accessKeyId);
  }

  @Override
  public void saveUses(List<AccessKeyUse> uses) {
    accessKeys.saveUses(uses);
  }

  @Override
  public Optional<AccessKeyUse> findUse(String accessKeyId) {
    return accessKeys.findUse(accessKeyId);
  }

  @Override
  public List<TrustedCertificateRow> listTrustedCertificates(String account) {
    return trust.list(account);
  }

  @Override
  public void saveTrustedCertificate(String account, TrustedCertificateRow certificate) {
    trust.save(account, certificate);
  }

  @Override
  public void deleteTrustedCertificate(String account, String name) {
    trust.delete(account, name);
  }

  @Override
  public void saveStream(AuditStreamRow stream) {
    streams.save(stream);
  }

  @Override
  public Optional<AuditStreamRow> findStream(UUID stream) {
    return streams.find(stream);
  }

  @Override
  public List<AuditStreamRow> listStreams() {
    return streams.list();
  }

  @Override
  public ApprovalStorage approvals() {
    return approvals;
  }

  @Override
  public long revision() {
    return transactions.read(session -> session.number("SELECT revision FROM head"));
  }

  @Override
  public void requireReachable() {
    transactions.requireReachable();
  }

  @Override
  public StoreHead head() {
    return transactions.head();
  }

  @Override
  public void onChange(ChangeListener listener) {
    transactions.onChange(listener);
  }

  @Override
  public long verifyAll(Progress progress) {
    return transactions.check(progress);
  }

  @Override
  public void recordWith(ChangeRecorder changes) {
    transactions.recordWith(changes);
  }

  @Override
  public StoreContents inspect() {
    return transactions.inspect();
  }

  @Override
  public void close() {
    transactions.close();
  }
}
