// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.HsmException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The handle of a session object, from its making until it is destroyed.
 *
 * <p>Knows nothing of the {@link Pkcs11BackingKey} in front of it, so that the object can be
 * destroyed when that is dropped. Thread-safe.
 */
final class SessionObject {
  private final TokenLink link;
  private final Connection connection;
  private final long handle;

  // Modules use handles again: once destroyed, the number may be another key's.
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean destroyed;

  SessionObject(TokenLink link, Connection connection, long handle) {
    this.link = link;
    this.connection = connection;
    this.handle = handle;
  }

  /** For use in what is given to {@link #use}. */
  long handle() {
    return handle;
  }

  /**
   * Runs {@code work} in a session, while the object cannot be destroyed.
   *
   * @throws HsmException.Gone if the object was destroyed, or went with its connection
   */
  <T> T use(Function<Session, T> work) {
    lock.readLock().lock();
    try {
      if (destroyed) {
        throw new HsmException.Gone("The backing key was closed.", null);
      }
      return link.work(
          session -> {
            if (session.connection() != connection) {
              throw gone(null);
            }
            return work.apply(session);
          });
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Destroys the object, after the uses that run; later calls do nothing. */
  void destroy() {
    lock.writeLock().lock();
    try {
      if (!destroyed) {
        destroyed = true;
        link.forget(connection, handle);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  static HsmException.Gone gone(@Nullable Pkcs11Exception e) {
    return new HsmException.Gone(
        "The token has lost the backing key. Open it again from its wrapped form.", e);
  }
}
