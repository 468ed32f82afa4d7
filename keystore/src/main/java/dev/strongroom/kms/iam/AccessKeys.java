// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.storage.AccessKeyRow;
import dev.strongroom.kms.storage.AccessKeyUse;
import dev.strongroom.kms.storage.IdentityStorage;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The access keys of users and account roots: two each at most, so that one can follow another. */
public final class AccessKeys {
  private final IdentityStorage storage;
  private final AccessKeySecrets secrets;
  private final Clock clock;

  public AccessKeys(IdentityStorage storage, AccessKeySecrets secrets, Clock clock) {
    this.storage = storage;
    this.secrets = secrets;
    this.clock = clock;
  }

  /**
   * Makes a new access key; the account root has one from initialisation on.
   *
   * @param userName empty for the account root
   * @return the only copy of the secret; the receiver destroys it
   * @throws KmsException.NoSuchEntity if there is no such user
   * @throws KmsException.LimitExceeded if the user has {@value
   *     IdentityStorage#ACCESS_KEYS_PER_USER}
   */
  public IssuedAccessKey create(String account, String userName) {
    return create(account, userName, key -> {});
  }

  /**
   * Makes a new access key.
   *
   * @param before is given the key before it is in the store, and so before it works
   */
  public IssuedAccessKey create(String account, String userName, Consumer<IssuedAccessKey> before) {
    return issue(
        userName,
        drawn -> {
          before.accept(drawn.key());
          storage.createAccessKey(drawn.row(account));
          return drawn.key();
        });
  }

  /** An access key that works once its row is in the store. */
  static final class Drawn {
    private final IssuedAccessKey key;
    private final byte[] verifier;

    private Drawn(IssuedAccessKey key, byte[] verifier) {
      this.key = key;
      this.verifier = verifier;
    }

    IssuedAccessKey key() {
      return key;
    }

    AccessKeyRow row(String account) {
      return new AccessKeyRow(
          key.accessKeyId(), account, key.userName(), verifier, true, key.creationDate());
    }
  }

  /**
   * Draws an access key for whoever stores it; one that cannot be stored is destroyed.
   *
   * @param userName empty for an account root
   */
  <T> T issue(String userName, Function<Drawn, T> store) {
    String id = secrets.newId("AKIA");
    char[] secret = secrets.newSecret();
    IssuedAccessKey key = new IssuedAccessKey(id, userName, secret, clock.instant());
    boolean stored = false;
    try {
      T result = store.apply(new Drawn(key, secrets.verifier(id, secret)));
      stored = true;
      return result;
    } finally {
      if (!stored) {
        key.destroy();
      }
    }
  }

  /** Returns the access keys of a user; {@code userName} is empty for the account root. */
  public List<AccessKeyRow> list(String account, String userName) {
    return storage.listAccessKeys(account, userName);
  }

  /**
   * Lets an access key work, or stops it and all callers that it authenticated: in this process
   * before this returns, in others within 100 ms.
   *
   * @throws KmsException.NoSuchEntity if the user has no such access key
   */
  public void update(String account, String userName, String accessKeyId, boolean active) {
    require(account, userName, accessKeyId);
    storage.updateAccessKey(accessKeyId, active);
  }

  /** Takes an access key away for ever; its callers end as with {@link #update}. */
  public void delete(String account, String userName, String accessKeyId) {
    require(account, userName, accessKeyId);
    storage.deleteAccessKey(accessKeyId);
  }

  private void require(String account, String userName, String accessKeyId) {
    if (list(account, userName).stream().noneMatch(k -> k.accessKeyId().equals(accessKeyId))) {
      throw new KmsException.NoSuchEntity(
          (userName.isEmpty() ? "The account root" : "User " + userName)
              + " has no access key "
              + accessKeyId
              + ". 'iam list-access-keys' shows which there are.");
    }
  }

  /** Returns an access key of an account; empty if it has no such one. */
  public Optional<AccessKeyRow> find(String account, String accessKeyId) {
    return storage.findAccessKey(accessKeyId).filter(key -> key.account().equals(account));
  }

  /**
   * Returns an access key of an account.
   *
   * @throws KmsException.NoSuchEntity if it has no such one
   */
  public AccessKeyRow get(String account, String accessKeyId) {
    return find(account, accessKeyId)
        .orElseThrow(
            () -> new KmsException.NoSuchEntity("There is no access key " + accessKeyId + "."));
  }

  /** Returns when an access key was last used; empty if it never was. */
  public Optional<AccessKeyUse> lastUse(String accessKeyId) {
    return storage.findUse(accessKeyId);
  }
}
