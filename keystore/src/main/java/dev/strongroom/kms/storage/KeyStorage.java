// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.KmsKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Where KMS keys and identities rest. What is read has been authenticated; what a method returned
 * from writing is durable.
 *
 * <p>Thread-safe. Any method may throw {@link KmsException.StoreUnavailable} or {@link
 * KmsException.StoreTampered}. Nothing here caches keys: the service does, and {@link #onChange}
 * tells it what to forget.
 */
public interface KeyStorage extends IdentityStorage, AutoCloseable {

  /** How many trusted certificates an account may have: several times what JDKs trust. */
  int TRUSTED_CERTIFICATES_PER_ACCOUNT = 1000;

  Optional<KmsKey> findKey(KeyId id);

  /** Returns the key that the alias names in that account. */
  Optional<KeyId> resolve(String account, Alias alias);

  /** Returns up to {@code limit} ids of the account's keys in order, those after {@code after}. */
  List<KeyId> listKeys(String account, Optional<KeyId> after, int limit);

  /** Returns up to {@code limit} aliases of the account by name, those after {@code after}. */
  List<AliasRow> listAliases(String account, Optional<Alias> after, int limit);

  /**
   * Returns what the KeyStore shows of each key of the account: the policy and the key tokens are
   * empty. All of it is proven by one MAC, however many keys there are; {@link #save} refuses keys
   * from here. A key of a later version, which this one cannot read, is left out.
   */
  List<KmsKey> loadAll(String account);

  /**
   * Writes new and changed keys in one transaction, each with its key tokens, policy, aliases and
   * certificate chain as a whole: all of them or none.
   *
   * @param keys new ones have the revision 0
   * @return the keys as stored, with their new revision, in the same order
   * @throws KmsException.Conflict if a key was changed since it was read
   * @throws KmsException.AlreadyExists if an alias names another key that is not among {@code keys}
   */
  List<KmsKey> save(List<KmsKey> keys);

  /** Writes nothing, and throws what {@link #save(List)} would at this moment. */
  void requireSavable(List<KmsKey> keys);

  /**
   * Does the same and uses up requests for approvals.
   *
   * @throws KmsException.NotFound if there is no such request
   */
  List<KmsKey> save(List<KmsKey> keys, List<ApprovalUse> uses);

  /** Returns the refusal to give a key the name of another one. */
  static KmsException taken(Alias alias) {
    return new KmsException.AlreadyExists(
        "Alias " + alias + " names another KMS key. Choose another name, or use UpdateAlias.");
  }

  /** Returns up to {@code limit} enabled keys whose rotation is due then, the earliest first. */
  List<KeyId> dueForRotation(Instant until, int limit);

  /** Returns up to {@code limit} keys with imported material that is to be destroyed then. */
  List<KeyId> withDueMaterial(Instant until, int limit);

  /** Returns where the grants of these keys rest. */
  GrantStorage grants();

  /** Returns what of these keys is due at a time: their deletion. */
  DeletionStorage deletions();

  /** Returns where the domain key of this store rests. */
  DomainStorage domain();

  /** Returns what copies the store, and what it was copied from. */
  RestorationStorage restorations();

  /** Returns where the custom key stores rest that keys may live in. */
  CustomKeyStoreStorage customKeyStores();

  /** Returns the trusted certificates of an account by name. */
  List<TrustedCertificateRow> listTrustedCertificates(String account);

  /**
   * Writes a trusted certificate, in the place of one of that name.
   *
   * @throws KmsException.LimitExceeded if there are {@value #TRUSTED_CERTIFICATES_PER_ACCOUNT}
   */
  void saveTrustedCertificate(String account, TrustedCertificateRow certificate);

  /**
   * Removes a trusted certificate.
   *
   * @throws KmsException.NotFound if there is none of that name
   */
  void deleteTrustedCertificate(String account, String name);

  /** Writes a stream of the audit trail: a new one, or what there is to say of its end. */
  void saveStream(AuditStreamRow stream);

  Optional<AuditStreamRow> findStream(UUID stream);

  /** Returns all streams that were ever written; that none is missing is proven as by loadAll. */
  List<AuditStreamRow> listStreams();

  /** Returns where requests for approvals and the rules of accounts rest. */
  ApprovalStorage approvals();

  /** Returns the store's revision: every transaction adds one. */
  long revision();

  /** Returns the newest state that this process has verified or written; reads nothing. */
  StoreHead head();

  /**
   * Does nothing while changes of other processes can be seen. What is kept in memory of the store
   * must not be used otherwise; an outage is known within 100 ms, or a second where it is a failing
   * disk. Costs no more than a look at a field.
   *
   * @throws KmsException.StoreUnavailable with the reason
   * @throws KmsException.StoreTampered if the store was found altered: from then on nothing of it
   *     is heard
   */
  void requireReachable();

  /**
   * Registers who is told of changes: those of this process before the writing method returns,
   * those of other processes within 100 ms.
   */
  void onChange(ChangeListener listener);

  /**
   * Reads the whole store and checks that it is what this KMS wrote last: no row altered, removed,
   * added or put back. The same is done in the background after opening.
   *
   * @return the number of keys, users and other things that own their rows
   * @throws KmsException.StoreTampered naming the row, where it can be told
   */
  long verifyAll(Progress progress);

  /** Has what is written from now on put on record; what was written before is not. */
  void recordWith(ChangeRecorder changes);

  /**
   * Reads the whole store as it stands there, with what is wrong with each row; also where every
   * other method refuses because it was altered.
   */
  StoreContents inspect();

  /** Ends all use; the threads behind end soon after. */
  @Override
  void close();

  /** Who wants to know how far a check of the store is. */
  interface Progress {
    void verified(long done, long total);
  }

  /** Who wants to know what changed. Called from any thread; must be quick and must not throw. */
  interface ChangeListener {

    /**
     * Tells what changed.
     *
     * @param keys the keys that were written since the last notice
     * @param identities whether users or access keys were
     */
    void changed(Set<KeyId> keys, boolean identities);

    /**
     * Tells which keys are gone for good, after {@link #changed} told of them: nothing of their
     * material may stay in memory.
     */
    default void destroyed(Set<KeyId> keys) {}

    /** Tells that trusted certificates were written or removed. */
    default void trustChanged() {}

    /** Tells that another process gave the domain key a version more, or retired one. */
    default void domainChanged() {}

    /** Tells that custom key stores were written or removed. */
    default void customKeyStoresChanged() {}
  }

  /** An alias as the store keeps it. */
  record AliasRow(Alias alias, KeyId keyId, Instant creationDate, Instant lastUpdatedDate) {}
}
