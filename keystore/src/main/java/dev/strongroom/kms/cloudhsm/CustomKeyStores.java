// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.cloudhsm;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.TokenKeys;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.StoredObject;
import dev.strongroom.kms.key.backing.TokenKeyring;
import dev.strongroom.kms.storage.CustomKeyStoreRow;
import dev.strongroom.kms.storage.CustomKeyStoreStorage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The custom key stores of a KMS and, in this process, their tokens: each is opened when it is
 * first needed, and closed when it is heard that its store was disconnected. A token that does not
 * answer concerns only the keys in it.
 *
 * <p>Thread-safe. Whether a store is connected is answered from memory.
 */
public final class CustomKeyStores implements TokenKeyring, AutoCloseable {
  private static final Logger LOG = System.getLogger(CustomKeyStores.class.getName());

  private final CustomKeyStoreStorage storage;
  private final TokenOpener opener;
  private final ConcurrentMap<String, StoreLink> links = new ConcurrentHashMap<>();

  public CustomKeyStores(CustomKeyStoreStorage storage, TokenOpener opener) {
    this.storage = storage;
    this.opener = opener;
  }

  private StoreLink link(String store) {
    return links.computeIfAbsent(store, id -> new StoreLink(id, storage, opener));
  }

  /** Returns whether the keys of that store can be used, as far as anybody said. */
  public boolean isConnected(String store) {
    return link(store).isConnected();
  }

  /**
   * Tries a token, and makes in it what tells it from others if it has that not yet.
   *
   * @return the store as connected, which the caller saves
   * @throws HsmException if the token cannot be used
   * @throws KmsException.CloudHsmClusterNotRelated if it is not the one of earlier connections
   */
  public CustomKeyStoreRow connect(CustomKeyStoreRow store) {
    try (TokenKeys keys = opener.open(store.cluster())) {
      TokenMark mark = new TokenMark(store.id());
      if (store.checkValue().isEmpty()) {
        return store.connected(mark.make(keys));
      }
      mark.require(keys, store.checkValue());
      return store.connected(store.checkValue().get());
    }
  }

  /** Forgets what was read of the stores, since somebody changed them. */
  public void changed() {
    links.values().forEach(StoreLink::changed);
  }

  /** Closes the tokens of stores that are not connected any more. */
  public void closeDisconnected() {
    links.values().forEach(StoreLink::closeIfDisconnected);
  }

  /**
   * Returns the custom key store of an account.
   *
   * @throws KmsException.CustomKeyStoreNotFound if it has none of that id
   */
  public CustomKeyStoreRow require(String account, String store) {
    return storage
        .find(store)
        .filter(found -> found.account().equals(account))
        .orElseThrow(
            () ->
                new KmsException.CustomKeyStoreNotFound(
                    "There is no custom key store \""
                        + store
                        + "\". 'kms describe-custom-key-stores' lists those that there are."));
  }

  /** Does the same with one that has to be connected. */
  public CustomKeyStoreRow requireConnected(String account, String store) {
    require(account, store);
    return link(store).requireConnected();
  }

  /**
   * Returns random bytes of the token of a store.
   *
   * @throws KmsException.CustomKeyStoreInvalidState if it is not connected
   */
  public byte[] random(String store, int length) {
    return link(store).keys().random(length);
  }

  @Override
  public BackingKey create(StoredObject object, String label) {
    return link(object.store()).markedKeys().create(object.id(), label);
  }

  @Override
  public BackingKey open(StoredObject object) {
    return link(object.store())
        .keys()
        .find(object.id())
        .orElseThrow(
            () ->
                new HsmException.Untrustworthy(
                    "The token of custom key store "
                        + object.store()
                        + " has no object "
                        + object.objectId()
                        + ": it was destroyed there, or the token was restored from a time before"
                        + " the key was made. Bring back the token that has it."));
  }

  @Override
  public Optional<String> destroy(StoredObject object) {
    if (storage.find(object.store()).isEmpty()) {
      return Optional.of("left in the token, since its custom key store was deleted before");
    }
    if (!isConnected(object.store())) {
      return Optional.empty();
    }
    try {
      boolean found = link(object.store()).markedKeys().destroy(object.id());
      return Optional.of(found ? "destroyed" : "not found");
    } catch (HsmException | KmsException e) {
      LOG.log(
          Level.WARNING,
          "Object "
              + object.objectId()
              + " of a deleted key stays in the token of custom key store "
              + object.store()
              + " for now: "
              + e.getMessage());
      return Optional.empty();
    }
  }

  /** Ends all use of the tokens. */
  @Override
  public void close() {
    links.values().forEach(StoreLink::close);
  }
}
