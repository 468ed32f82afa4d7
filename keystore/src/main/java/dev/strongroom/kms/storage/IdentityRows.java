// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.storage.KeyStorage.UserRow;
import java.util.ArrayList;
import java.util.List;

/**
 * Users and access keys as rows. A user owns its access keys; those of the account root are owned
 * by a principal with an empty name, which is no user.
 */
final class IdentityRows {
  private static final byte[] NO_POLICIES = RowMacs.ownedHash("identity_policy", List.of());

  private IdentityRows() {}

  static Row principal(UserRow user) {
    return Row.of(
        Table.PRINCIPAL,
        user.account(),
        user.name(),
        user.userId(),
        Row.nanos(user.creationDate()),
        KeyRows.PENDING,
        NO_POLICIES);
  }

  static UserRow toUser(Row principal) {
    return new UserRow(
        principal.text("account"),
        principal.text("user_name"),
        principal.text("user_id"),
        principal.instant("creation_date"));
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

  /**
   * Returns the principal with its access keys, {@code key} among them in place of an older one.
   */
  static Aggregate withAccessKey(Aggregate principal, Row key) {
    List<Row> keys = new ArrayList<>(principal.owned(Table.ACCESS_KEY));
    keys.removeIf(row -> row.key().equals(key.key()));
    keys.add(key);
    return new Aggregate(principal.root(), keys);
  }
}
