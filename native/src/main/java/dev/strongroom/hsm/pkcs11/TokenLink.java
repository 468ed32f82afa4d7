// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.HsmUri;
import java.lang.ref.Cleaner;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one token reachable: lends sessions, connects again after a loss, translates failures.
 *
 * <p>Thread-safe. What runs in a session may be run twice, if the session was lost.
 */
final class TokenLink {
  private static final System.Logger LOG = System.getLogger(TokenLink.class.getName());

  private final TokenLogin login;
  private final Cleaner cleaner = Cleaner.create(TokenLink::thread);
  private volatile @Nullable Connection connection;
  private volatile boolean closed;

  private TokenLink(TokenLogin login) {
    this.login = login;
  }

  /** Finds the token and logs in. */
  static TokenLink open(HsmUri.Pkcs11 uri) {
    TokenLogin login = new TokenLogin(uri);
    TokenLink link = new TokenLink(login);
    link.connection = login.connectPatiently();
    login.module().addUsers(1);
    return link;
  }

  TokenLogin login() {
    return login;
  }

  /** Returns what destroys the session objects of keys that nobody closed. */
  Cleaner cleaner() {
    return cleaner;
  }

  private static Thread thread(Runnable cleaning) {
    Thread thread = new Thread(cleaning, "strongroom-dropped-keys");
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    return thread;
  }

  /** Runs {@code work} in a session; objects that it leaves may vanish at any time. */
  <T> T work(Function<Session, T> work) {
    return run(Connection::workers, login.module().useLock(), work);
  }

  /** Runs {@code work} in a session that stays open, so that objects it makes live on. */
  <T> T keep(Function<Session, T> work) {
    return run(Connection::keepers, login.module().useLock(), work);
  }

  /** Runs {@code work}, which makes or destroys token objects. */
  <T> T change(Function<Session, T> work) {
    return run(Connection::workers, login.module().changeLock(), work);
  }

  /** Destroys a session object, if the connection it was made in still exists. */
  void forget(Connection home, long object) {
    if (connection != home || closed) {
      return;
    }
    try {
      once(
          home.workers(),
          login.module().useLock(),
          session -> {
            session.destroyObject(object);
            return true;
          });
    } catch (Pkcs11Exception e) {
      LOG.log(System.Logger.Level.DEBUG, "A key was gone before it was closed: {0}", e.reason());
    }
  }

  /** Translates what the caller could not make more of. */
  HsmException translate(Pkcs11Exception e) {
    return switch (e.meaning()) {
      case REFUSED ->
          new HsmException.Unsupported(
              "The token "
                  + login.name()
                  + " refuses this: "
                  + e.getMessage()
                  + ". The command doctor says what it can do.");
      case PIN ->
          new HsmException.LoginFailed(
              "The token " + login.name() + " wants another PIN: " + e.getMessage() + ".", e);
      case SESSION_LOST, DEVICE_LOST, OBJECT_LOST, SESSIONS_FULL, INPUT, UNCLEAR, OTHER ->
          login.unavailable(e);
    };
  }

  private <T> T run(
      Function<Connection, SessionPool> pool, @Nullable Lock lock, Function<Session, T> work) {
    Connection current = connected();
    try {
      return once(pool.apply(current), lock, work);
    } catch (Pkcs11Exception e) {
      if (!isLoss(e)) {
        throw e;
      }
      afterLoss(current, e);
    }
    Connection next = connected();
    try {
      return once(pool.apply(next), lock, work);
    } catch (Pkcs11Exception e) {
      if (!isLoss(e)) {
        throw e;
      }
      afterLoss(next, e);
      throw login.unavailable(e);
    }
  }

  private static <T> T once(SessionPool pool, @Nullable Lock lock, Function<Session, T> work) {
    if (lock == null) {
      return inSession(pool, work);
    }
    lock.lock();
    try {
      return inSession(pool, work);
    } finally {
      lock.unlock();
    }
  }

  private static <T> T inSession(SessionPool pool, Function<Session, T> work) {
    Session session = pool.take();
    boolean lost = false;
    try {
      return work.apply(session);
    } catch (Pkcs11Exception e) {
      lost = isLoss(e);
      throw e;
    } finally {
      if (lost) {
        pool.drop(session);
      } else {
        pool.giveBack(session);
      }
    }
  }

  private static boolean isLoss(Pkcs11Exception e) {
    return e.meaning() == Ckr.Meaning.SESSION_LOST || e.meaning() == Ckr.Meaning.DEVICE_LOST;
  }

  /** Gives the connection up, unless only one of its sessions was lost. */
  private void afterLoss(Connection lost, Pkcs11Exception why) {
    if (why.meaning() == Ckr.Meaning.SESSION_LOST && lost.isAlive()) {
      return;
    }
    drop(lost, why);
  }

  /** Gives {@code lost} up, so that the next call connects anew. */
  void drop(Connection lost, Pkcs11Exception why) {
    synchronized (this) {
      if (connection != lost) {
        return;
      }
      connection = null;
    }
    LOG.log(System.Logger.Level.WARNING, "Lost the token {0}: {1}", login.name(), why.getMessage());
    lost.close();
  }

  private Connection connected() {
    Connection current = connection;
    return current != null && !closed ? current : reconnect();
  }

  private synchronized Connection reconnect() {
    if (closed) {
      throw new HsmException.Unavailable("The token " + login.name() + " was closed.", null);
    }
    Connection current = connection;
    if (current == null) {
      current = login.reconnect();
      connection = current;
    }
    return current;
  }

  /** Ends all sessions. */
  void close() {
    Connection last;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      login.module().addUsers(-1);
      last = connection;
      connection = null;
    }
    if (last != null) {
      last.close();
    }
  }
}
