// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.KmsException;
import java.util.List;
import java.util.Optional;

/**
 * Where accounts, users, groups, roles, managed policies and access keys rest. What is read has
 * been authenticated; what a method returned from writing is durable. Thread-safe.
 */
public interface IdentityStorage {

  /** How many access keys a user, or the account root, may have; AWS's limit. */
  int ACCESS_KEYS_PER_USER = 2;

  /** Returns what has that name, as {@link View#find}. */
  default Optional<IamRecord> find(IamKind kind, String account, String name) {
    return view(view -> view.find(kind, account, name));
  }

  /** Returns all of a kind by name. */
  default List<IamRecord> list(IamKind kind, String account) {
    return view(view -> view.list(kind, account));
  }

  /** Reads several things of one state of the store. */
  <T> T view(Look<T> look);

  /**
   * Changes identities in one transaction, in which nobody else changes anything: all of it or
   * nothing.
   */
  <T> T change(Work<T> work);

  Optional<AccessKeyRow> findAccessKey(String accessKeyId);

  /** Returns the access keys of a user; {@code userName} is empty for the account root. */
  List<AccessKeyRow> listAccessKeys(String account, String userName);

  /**
   * Writes a new access key of a user or of the account root.
   *
   * @throws KmsException.NoSuchEntity if there is no such user
   * @throws KmsException.LimitExceeded if the user has {@value #ACCESS_KEYS_PER_USER} already
   * @throws KmsException.AlreadyExists if the id is taken
   */
  default void createAccessKey(AccessKeyRow accessKey) {
    change(
        edit -> {
          edit.create(accessKey);
          return accessKey;
        });
  }

  /**
   * Lets an access key work, or stops it.
   *
   * @throws KmsException.NoSuchEntity if there is no such access key
   */
  void updateAccessKey(String accessKeyId, boolean active);

  /**
   * Takes an access key away for ever.
   *
   * @throws KmsException.NoSuchEntity if there is no such access key
   */
  void deleteAccessKey(String accessKeyId);

  /** Notes when access keys were used; those that are gone meanwhile are left out. */
  void saveUses(List<AccessKeyUse> uses);

  Optional<AccessKeyUse> findUse(String accessKeyId);

  /** What is read from one state of the store. */
  @FunctionalInterface
  interface Look<T> {
    T at(View view);
  }

  /** What is done in one transaction; may be run again where the database asks for that. */
  @FunctionalInterface
  interface Work<T> {
    T run(Edit edit);
  }

  /** The identities as one transaction sees them. */
  interface View {

    /** Returns what has that name; the account root, whose name is empty, is no user. */
    Optional<IamRecord> find(IamKind kind, String account, String name);

    /** Returns the names of all of a kind, sorted. */
    List<String> names(IamKind kind, String account);

    /** Returns all of a kind by name. */
    default List<IamRecord> list(IamKind kind, String account) {
      return names(kind, account).stream()
          .flatMap(name -> find(kind, account, name).stream())
          .toList();
    }

    /** Returns the names of those of a kind that have such a part. */
    List<String> holders(IamKind kind, String account, IamPart.Type type, String partName);

    List<AccessKeyRow> accessKeys(String account, String userName);

    /** Returns all accounts in the order in which they were made: the store's own first. */
    List<AccountRow> accounts();
  }

  /** The identities as one transaction sees them, and what it changes. */
  interface Edit extends View {

    /** Writes an account that there was not. */
    void create(AccountRow account);

    /** Writes a new access key, as {@link IdentityStorage#createAccessKey}. */
    void create(AccessKeyRow accessKey);

    /** Writes a new record, or one in the place of what has its name; each at most once. */
    void put(IamRecord wanted);

    /** Takes a record away. A user must have no access keys any more. */
    void delete(IamRecord record);
  }
}
