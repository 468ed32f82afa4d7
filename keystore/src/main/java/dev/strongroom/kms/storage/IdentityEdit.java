// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One change of identities, inside its transaction; for the thread that holds it. */
final class IdentityEdit extends IdentityView implements IdentityStorage.Edit {
  private final Changes changes;
  private final Map<String, AccountRow> touched = new LinkedHashMap<>();

  IdentityEdit(IdentityTables tables, Session session, Changes changes) {
    super(tables, session);
    this.changes = changes;
  }

  /** Returns the accounts in which something changed. */
  Collection<AccountRow> touched() {
    return touched.values();
  }

  @Override
  public void put(IamRecord wanted) {
    if (wanted.name().isEmpty()) {
      throw new IllegalArgumentException("A " + wanted.kind().word() + " has a name");
    }
    Optional<Aggregate> stored = rows(wanted.kind(), wanted.account(), wanted.name());
    List<Row> accessKeys = stored.map(rows -> rows.owned(Table.ACCESS_KEY)).orElse(List.of());
    changes.put(stored, IdentityRows.toRows(wanted, accessKeys));
    touch(AccountRow.unnamed(wanted.account(), wanted.creationDate()));
  }

  @Override
  public void delete(IamRecord record) {
    Aggregate stored =
        rows(record.kind(), record.account(), record.name())
            .orElseThrow(
                () -> new KmsException.NoSuchEntity("There is no such " + record.kind().word()));
    if (!stored.owned(Table.ACCESS_KEY).isEmpty()) {
      throw new IllegalArgumentException("The user has access keys");
    }
    changes.delete(stored);
    touch(AccountRow.unnamed(record.account(), record.creationDate()));
  }

  @Override
  public void create(AccountRow account) {
    touch(account);
  }

  @Override
  public void create(AccessKeyRow accessKey) {
    Optional<Aggregate> principal = rows(IamKind.USER, accessKey.account(), accessKey.userName());
    write(session -> AccessKeyTable.create(session, changes, principal, accessKey));
    touch(AccountRow.unnamed(accessKey.account(), accessKey.creationDate()));
  }

  private void touch(AccountRow account) {
    touched.putIfAbsent(account.account(), account);
  }
}
