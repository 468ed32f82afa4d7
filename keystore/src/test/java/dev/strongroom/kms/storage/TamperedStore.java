// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import static dev.strongroom.kms.storage.Samples.ACCOUNT;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException.StoreTampered;
import dev.strongroom.kms.key.KmsKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A filled store for tests that change its file, and what must then be found. */
abstract class TamperedStore {
  static final KeyId A = new KeyId(new UUID(1, 1));
  static final KeyId B = new KeyId(new UUID(2, 2));
  static Path original;
  Path file;

  @BeforeAll
  static void fill(@TempDir Path folder) {
    original = folder.resolve("original.db");
    try (KeyStorage storage = Samples.open(Samples.url(original))) {
      storage.customKeyStores().save(Samples.CUSTOM_KEY_STORE);
      storage.save(List.of(Samples.key(A, "alias/a", "alias/aa"), Samples.storedKey(B, "alias/b")));
      storage.grants().create(List.of(Samples.grant(A, 1), Samples.grant(A, 2)), Samples.NOW);
      storage.grants().create(List.of(Samples.grant(B, 3)), Samples.NOW);
      storage.createAccessKey(Samples.accessKey("AKIAROOT", ""));
      Samples.put(storage, Samples.user("alice"));
      Samples.put(storage, Samples.user("bob").with(Samples.part(IamPart.Type.INLINE, "p", "{}")));
      Samples.put(
          storage,
          Samples.entity(IamKind.ROLE, "batch", Samples.part(IamPart.Type.TRUST, "", "{}")));
      storage.createAccessKey(Samples.accessKey("AKIAALICE", "alice"));
      storage.createAccessKey(Samples.accessKey("AKIABOB", "bob"));
      Samples.put(storage, new AccountRow("111122223333", Samples.NOW, Optional.of("tests")));
      storage.saveTrustedCertificate(ACCOUNT, Samples.trusted("ca"));
      storage.saveTrustedCertificate(ACCOUNT, Samples.trusted("other ca"));
      storage.approvals().create(Samples.REQUEST);
      storage
          .approvals()
          .saveAccountRule(ACCOUNT, Optional.empty(), Optional.of("{}"), Optional.empty());
      KeyId gone = new KeyId(new UUID(9, 9));
      storage.save(List.of(Samples.key(gone).pendingDeletion(Samples.NOW)));
      storage.deletions().destroy(gone, Samples.NOW, Samples.NOW);
      storage.deletions().saveSeenTime(Samples.NOW);
      storage.saveUses(List.of(new AccessKeyUse("AKIABOB", Samples.NOW, "kms", "local")));
    }
    registerAuditStream();
  }

  static void registerAuditStream() {
    try (JdbcStore store = JdbcStore.open(Samples.url(original), Samples.CLOCK)) {
      Transactions transactions = quiet(store);
      transactions.write(
          Set.of(),
          false,
          (session, changes) -> {
            Row row = Row.of(Table.AUDIT_STREAM, "stream-1", 1L, null, Samples.bytes(32, 1));
            changes.put(Optional.empty(), new Aggregate(row));
            Restoration restoration = new Restoration("1", "0", Samples.NOW, Map.of("a", "b"));
            Row restored = RestorationTable.toRow(restoration, Samples.NOW);
            changes.put(Optional.empty(), new Aggregate(restored));
            return true;
          });
    }
  }

  @BeforeEach
  void restore() throws IOException {
    file = original.resolveSibling(UUID.randomUUID() + ".db");
    Files.copy(original, file);
  }

  /** Returns transactions that nothing checks in the background: reads are on their own. */
  static Transactions quiet(JdbcStore store) {
    return new Transactions(store.connections(), new RowMacs(Samples.authenticator()));
  }

  /** Checks that direct reads of what the table belongs to fail, and a scan as well. */
  void assertFound(Table table, String what) {
    try (JdbcStore store = JdbcStore.open(Samples.url(file), Samples.CLOCK)) {
      assertThrows(StoreTampered.class, () -> use(store, table), what);
    }
    try (JdbcStore store = JdbcStore.open(Samples.url(file), Samples.CLOCK)) {
      assertThrows(
          StoreTampered.class,
          () -> {
            store.domain();
            try (KeyStorage storage = store.unlock(Samples.authenticator())) {
              storage.verifyAll((done, total) -> {});
            }
          },
          what);
    }
  }

  static void use(JdbcStore store, Table table) {
    switch (table) {
      case HEAD, DOMAIN, DOMAIN_KEY -> {
        store.domain();
        store.unlock(Samples.authenticator());
      }
      case CMK, KEY_TOKEN, KEY_POLICY, ALIAS, CERTIFICATE, KEY_TAG -> {
        JdbcKeyStorage storage = new JdbcKeyStorage(quiet(store));
        storage.findKey(A);
        storage.findKey(B);
      }
      case KEY_GRANT -> {
        GrantStorage grants = new JdbcKeyStorage(quiet(store)).grants();
        grants.findKey(A, KeyGrants.UNKNOWN);
        grants.findKey(B, KeyGrants.UNKNOWN);
      }
      case GRANT_USE -> {
        GrantStorage grants = new JdbcKeyStorage(quiet(store)).grants();
        grants.end(A, Samples.grant(A, 1).id());
        grants.end(B, Samples.grant(B, 3).id());
      }
      case IAM_ENTITY, ENTITY_PART, ACCESS_KEY_USE -> {
        JdbcKeyStorage storage = new JdbcKeyStorage(quiet(store));
        storage.find(IamKind.ROLE, ACCOUNT, "batch");
        storage.findUse("AKIABOB");
        storage.loadAll(ACCOUNT);
      }
      case PRINCIPAL, ACCESS_KEY, IDENTITY_POLICY -> {
        JdbcKeyStorage storage = new JdbcKeyStorage(quiet(store));
        storage.listAccessKeys(ACCOUNT, "");
        storage.listAccessKeys(ACCOUNT, "alice");
        storage.listAccessKeys(ACCOUNT, "bob");
      }
      case TRUST_STORE, TRUSTED_CERTIFICATE ->
          new JdbcKeyStorage(quiet(store)).listTrustedCertificates(ACCOUNT);
      case APPROVAL_REQUEST -> {
        ApprovalStorage approvals = new JdbcKeyStorage(quiet(store)).approvals();
        approvals.find(Samples.REQUEST.id());
        approvals.open(ACCOUNT, Optional.of(A), Samples.REQUEST.created());
        new JdbcKeyStorage(quiet(store)).loadAll(ACCOUNT);
      }
      case APPROVAL_RULE -> {
        JdbcKeyStorage storage = new JdbcKeyStorage(quiet(store));
        storage.approvals().accountRule(ACCOUNT);
        storage.loadAll(ACCOUNT);
      }
      case DELETED_KEY, SEEN_TIME -> {
        DeletionStorage deletions = new JdbcKeyStorage(quiet(store)).deletions();
        deletions.unrecorded(10);
        deletions.seenTime();
        new JdbcKeyStorage(quiet(store)).loadAll(ACCOUNT);
      }
      case CUSTOM_KEY_STORE -> {
        JdbcKeyStorage storage = new JdbcKeyStorage(quiet(store));
        storage.customKeyStores().list(ACCOUNT);
        storage.customKeyStores().find(Samples.CUSTOM_KEY_STORE.id());
        storage.loadAll(ACCOUNT);
      }
      case RESTORATION -> {
        JdbcKeyStorage storage = new JdbcKeyStorage(quiet(store));
        storage.restorations().latest();
        storage.loadAll(ACCOUNT);
      }
      case ACCOUNT, AUDIT_STREAM -> new JdbcKeyStorage(quiet(store)).loadAll(ACCOUNT);
    }
  }

  static Stream<Table> keyTables() {
    return Stream.of(
        Table.CMK,
        Table.KEY_TOKEN,
        Table.KEY_POLICY,
        Table.ALIAS,
        Table.CERTIFICATE,
        Table.KEY_TAG);
  }

  static StoreTampered awaitRefusal(KeyStorage storage) throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      try {
        storage.revision();
      } catch (StoreTampered e) {
        return e;
      }
      Thread.sleep(10);
    }
    throw new AssertionError("The storage does not refuse");
  }

  void changeEverythingOf(KeyId id) {
    try (KeyStorage storage = Samples.open(Samples.url(file))) {
      change(storage, id);
    }
  }

  static void change(KeyStorage storage, KeyId id) {
    KmsKey old = storage.findKey(id).orElseThrow();
    KmsKey other = Samples.key(new KeyId(new UUID(9, 9)), "alias/new");
    storage.save(
        List.of(
            new KmsKey(
                old.arn(),
                old.spec(),
                old.usage(),
                old.state(),
                old.origin(),
                other.level(),
                old.subkeyCache(),
                old.pkcs1Decryption(),
                "new",
                old.creationDate(),
                old.deletionDate(),
                old.rotation(),
                old.multiRegion(),
                other.generations(),
                "{\"new\":true}",
                Optional.of("{\"rule\":\"new\"}"),
                other.aliases(),
                other.tags(),
                other.certificateChain(),
                old.revision())));
  }

  /** Puts rows of the original file in the place of today's. */
  void putBack(Table... tables) throws SQLException {
    List<String> statements = new ArrayList<>();
    for (Table table : tables) {
      statements.add("DELETE FROM main." + table.sqlName());
      statements.add("INSERT INTO main.%1$s SELECT * FROM old.%1$s".formatted(table.sqlName()));
    }
    try (Vandal vandal = new Vandal(file)) {
      vandal.run("ATTACH DATABASE '" + original + "' AS old");
      vandal.run("BEGIN IMMEDIATE");
      for (String sql : statements) {
        vandal.run(sql);
      }
      vandal.run("COMMIT");
    }
  }
}
