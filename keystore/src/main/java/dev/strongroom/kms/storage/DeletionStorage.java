// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The end of keys: which are due, what destroys them, and what is left of them. Otherwise as {@link
 * KeyStorage}, whose listeners hear of the keys that were destroyed.
 */
public interface DeletionStorage {

  /** In a receipt, the custom key store in whose token an object of the key may still be. */
  String CUSTOM_KEY_STORE = "customKeyStoreId";

  /** In a receipt, the CKA_ID of that object in hexadecimal. */
  String TOKEN_OBJECT = "tokenObjectId";

  /**
   * What is left of a key that was destroyed.
   *
   * @param destroyed when, by the clock of the process that did it
   * @param receipt what the trail is to say of it: names and values
   */
  record DeletedKey(KeyArn arn, Instant destroyed, Map<String, String> receipt) {
    public DeletedKey {
      receipt = Map.copyOf(receipt);
    }
  }

  /**
   * Returns when the first of the keys is due that are pending deletion, or of the imported
   * material that was deleted and can be restored; empty where there is none.
   */
  Optional<Instant> earliest();

  /**
   * Returns up to {@code limit} keys that are pending deletion and due then, the earliest first.
   */
  List<KeyId> due(Instant until, int limit);

  /**
   * Removes a key with its material, aliases, grants, certificates, tags and policy, in one
   * transaction, and leaves behind that it was. Of several processes that try, one does it.
   *
   * @param until does nothing unless the key is pending deletion and due then
   * @return what is left of it; empty where nothing was done
   */
  Optional<DeletedKey> destroy(KeyId key, Instant until, Instant now);

  /** Returns up to {@code limit} destroyed keys of which the trail may not have a record. */
  List<DeletedKey> unrecorded(int limit);

  /** Remembers that the trail has the record of a destroyed key. */
  void recorded(KeyId key, Instant now);

  /** Returns the latest time that was saved. */
  Optional<Instant> seenTime();

  /** Saves the time up to which time was seen to pass. */
  void saveSeenTime(Instant time);

  /**
   * Has what was removed overwritten where the database keeps copies of it, as its log does.
   *
   * @return false if somebody is reading them: try again later
   * @throws KmsException.StoreUnavailable if the database fails
   */
  boolean scrub();
}
