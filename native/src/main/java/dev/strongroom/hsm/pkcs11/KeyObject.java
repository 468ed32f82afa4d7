// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.HsmException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The handle of a key object, from its making or finding until it is closed. A session object is
 * destroyed then; a token object stays.
 *
 * <p>Knows nothing of the {@link Pkcs11BackingKey} in front of it, so that the object can be closed
 * when that is dropped. Thread-safe.
 */
final class KeyObject {
  private final TokenLink link;
  private final Connection connection;
  private final long handle;
  private final boolean stays;

  // Modules use handles again: once closed, the number may be another key's.
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  KeyObject(TokenLink link, Connection connection, long handle, boolean stays) {
    this.link = link;
    this.connection = connection;
    this.handle = handle;
    this.stays = stays;
  }

  /** For use in what is given to {@link #use}. */
  long handle() {
    return handle;
  }

  /**
   * Runs {@code work} in a session, while the object cannot be closed.
   *
   * @throws HsmException.Gone if the object was closed, or went with its connection
   */
  <T> T use(Function<Session, T> work) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new HsmException.Gone("The backing key was closed.", null);
      }
      return link.work(
          session -> {
            if (session.connection() != connection) {
              throw gone(null);
            }
            return worked(session, work);
          });
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * A connection that ends takes its objects away under the calls that use them. SoftHSM says then
   * that the key must not do that.
   */
  private <T> T worked(Session session, Function<Session, T> work) {
    try {
      return work.apply(session);
    } catch (Pkcs11Exception e) {
      if (!stays && e.meaning() == Ckr.Meaning.REFUSED && !link.isCurrent(connection)) {
        throw gone(e);
      }
      throw e;
    }
  }

  /** Ends the use of the object, after the uses that run; later calls do nothing. */
  void close() {
    lock.writeLock().lock();
    try {
      if (!closed && !stays) {
        link.forget(connection, handle);
      }
      closed = true;
    } finally {
      lock.writeLock().unlock();
    }
  }

  static HsmException.Gone gone(@Nullable Pkcs11Exception e) {
    return new HsmException.Gone(
        "The token has lost the backing key. Open it again from its wrapped form.", e);
  }
}
