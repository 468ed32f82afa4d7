// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.cloudhsm;

import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.TokenKeys;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.storage.CustomKeyStoreRow;
import dev.strongroom.kms.storage.CustomKeyStoreStorage;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One custom key store as this process knows it, and its token while that is in use. A token that
 * could not be opened is left alone for a second: callers must not queue up for it. Thread-safe.
 */
final class StoreLink implements AutoCloseable {
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String id;
  private final CustomKeyStoreStorage storage;
  private final TokenOpener opener;
  private final AtomicLong changes = new AtomicLong();
  private volatile @Nullable Known known;

  // Guarded by this.
  private @Nullable TokenKeys open;
  private String openedAs = "";
  private @Nullable RuntimeException failure;
  private @Nullable CustomKeyStoreRow failedAs;
  private long failedAt;

  /** What the store said of it. */
  private record Known(Optional<CustomKeyStoreRow> row) {}

  StoreLink(String id, CustomKeyStoreStorage storage, TokenOpener opener) {
    this.id = id;
    this.storage = storage;
    this.opener = opener;
  }

  boolean isConnected() {
    return row().filter(CustomKeyStoreRow::isConnected).isPresent();
  }

  private Optional<CustomKeyStoreRow> row() {
    while (true) {
      Known last = known;
      if (last != null) {
        return last.row();
      }
      long before = changes.get();
      Known read = new Known(storage.find(id));
      known = read;
      if (changes.get() == before) {
        return read.row();
      }
      known = null;
    }
  }

  /** Forgets what was read, since somebody changed it. */
  void changed() {
    changes.incrementAndGet();
    known = null;
  }

  /** Closes the token if the store is not connected any more. */
  void closeIfDisconnected() {
    if (!isConnected()) {
      close();
    }
  }

  /**
   * Returns the token; opens it first where it is not.
   *
   * @throws KmsException.CustomKeyStoreInvalidState if the store is not connected
   * @throws KmsException.CloudHsmClusterNotRelated if the token is another one
   */
  TokenKeys keys() {
    CustomKeyStoreRow row = requireConnected();
    synchronized (this) {
      if (open != null && openedAs.equals(row.cluster())) {
        return open;
      }
      closeToken();
      requirePauseIsOver(row);
      try {
        open = opened(row);
        openedAs = row.cluster();
        return open;
      } catch (HsmException | KmsException e) {
        failure = e;
        failedAs = row;
        failedAt = System.nanoTime();
        throw e;
      }
    }
  }

  private TokenKeys opened(CustomKeyStoreRow row) {
    TokenKeys opened = opener.open(row.cluster());
    boolean good = false;
    try {
      new TokenMark(id).require(opened, row.checkValue());
      good = true;
      return opened;
    } finally {
      if (!good) {
        opened.close();
      }
    }
  }

  /** Returns the token, which is checked to be the right one even if it is open already. */
  TokenKeys markedKeys() {
    TokenKeys keys = keys();
    new TokenMark(id).require(keys, requireConnected().checkValue());
    return keys;
  }

  /**
   * @throws KmsException.CustomKeyStoreInvalidState if it is not connected
   */
  CustomKeyStoreRow requireConnected() {
    CustomKeyStoreRow row =
        row()
            .orElseThrow(
                () ->
                    new KmsException.CustomKeyStoreNotFound(
                        "There is no custom key store " + id + "."));
    if (!row.isConnected()) {
      throw new KmsException.CustomKeyStoreInvalidState(
          "Custom key store "
              + id
              + " is "
              + row.state()
              + ". Run 'kms connect-custom-key-store --custom-key-store-id "
              + id
              + "' first.");
    }
    return row;
  }

  /** What was changed since, a new PIN's place for one, is tried at once. */
  private void requirePauseIsOver(CustomKeyStoreRow row) {
    if (failure != null && row.equals(failedAs) && System.nanoTime() - failedAt < PAUSE_NANOS) {
      throw failure;
    }
    failure = null;
  }

  private void closeToken() {
    if (open != null) {
      open.close();
      open = null;
    }
  }

  @Override
  public synchronized void close() {
    closeToken();
  }
}
