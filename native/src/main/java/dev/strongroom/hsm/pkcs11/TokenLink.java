// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.HsmUri;
import java.lang.ref.Cleaner;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one token reachable: lends sessions, connects again after a loss, gives up calls that do
 * not end, translates failures.
 *
 * <p>Thread-safe. What runs in a session may be run twice, if the session was lost.
 */
final class TokenLink {
  private static final System.Logger LOG = System.getLogger(TokenLink.class.getName());

  /** How many times as long as others a call may take that makes keys. */
  private static final int SLOW = 10;

  /** Of modules that speak with a device; those that are the token themselves have none. */
  private static final int DEFAULT_SECONDS = 15;

  private static final long CLOSING_MILLIS = 1000;

  private final TokenLogin login;
  private final CallDeadline deadline;
  private final Cleaner cleaner = Cleaner.create(TokenLink::thread);
  private final AtomicReference<@Nullable Connection> connection = new AtomicReference<>();
  private final ReentrantLock connecting = new ReentrantLock();
  private final Backoff backoff = new Backoff();
  private volatile boolean closed;

  private TokenLink(TokenLogin login, CallDeadline deadline) {
    this.login = login;
    this.deadline = deadline;
  }

  /**
   * Finds the token, logs in and asks {@code probe} what to make of it; closes the link again where
   * that refuses.
   */
  static <T> T open(HsmUri.Pkcs11 uri, Function<TokenLink, T> probe) {
    TokenLink link = open(uri);
    boolean opened = false;
    try {
      T probed = probe.apply(link);
      opened = true;
      return probed;
    } catch (Pkcs11Exception e) {
      throw link.translate(e);
    } finally {
      if (!opened) {
        link.close();
      }
    }
  }

  private static TokenLink open(HsmUri.Pkcs11 uri) {
    CallDeadline opening = new CallDeadline(uri.describe(), uri.callTimeout().orElse(0));
    return opening.run(SLOW, () -> opened(uri), () -> TokenLink::nothing);
  }

  private static void nothing() {}

  private static TokenLink opened(HsmUri.Pkcs11 uri) {
    TokenLogin login = new TokenLogin(uri);
    int seconds = uri.callTimeout().orElse(login.module().isTokenItself() ? 0 : DEFAULT_SECONDS);
    TokenLink link = new TokenLink(login, new CallDeadline(login.name(), seconds));
    link.connection.set(login.connectPatiently());
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
    return run(1, Connection::workers, login.module().useLock(), work);
  }

  /** Does the same with work that makes keys or a series of calls, and may take longer. */
  <T> T workLong(Function<Session, T> work) {
    return run(SLOW, Connection::workers, login.module().useLock(), work);
  }

  /** Runs {@code work} in a session that stays open, so that objects it makes live on. */
  <T> T keep(Function<Session, T> work) {
    return run(1, Connection::keepers, login.module().useLock(), work);
  }

  /** Does the same with work that makes keys, and may take longer. */
  <T> T keepLong(Function<Session, T> work) {
    return run(SLOW, Connection::keepers, login.module().useLock(), work);
  }

  /** Runs {@code work}, which makes or destroys token objects. */
  <T> T change(Function<Session, T> work) {
    return run(SLOW, Connection::workers, login.module().changeLock(), work);
  }

  /** Returns whether calls are made in that connection still. */
  boolean isCurrent(Connection used) {
    return connection.get() == used;
  }

  /** Destroys a session object, if the connection it was made in still exists. */
  void forget(Connection home, long object) {
    if (connection.get() != home || closed) {
      return;
    }
    try {
      deadline.run(1, () -> destroyed(home, object), this::abandon);
    } catch (Pkcs11Exception e) {
      LOG.log(System.Logger.Level.DEBUG, "A key was gone before it was closed: {0}", e.reason());
    } catch (HsmException.Unavailable e) {
      LOG.log(System.Logger.Level.DEBUG, "A key stays in the token: {0}", e.getMessage());
    }
  }

  private boolean destroyed(Connection home, long object) {
    return once(
        home.workers(),
        login.module().useLock(),
        session -> {
          session.destroyObject(object);
          return true;
        });
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
      int times,
      Function<Connection, SessionPool> pool,
      @Nullable Lock lock,
      Function<Session, T> work) {
    return deadline.run(times, () -> patiently(pool, lock, work), this::abandon);
  }

  /** Leaves a connection alone in which a call does not end; the next caller makes another one. */
  private Runnable abandon() {
    Connection silent = connection.getAndSet(null);
    LOG.log(
        System.Logger.Level.WARNING,
        "The token {0} has not answered for {1} s",
        login.name(),
        deadline.seconds());
    return silent == null ? TokenLink::nothing : silent::close;
  }

  private <T> T patiently(
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
  private void drop(Connection lost, Pkcs11Exception why) {
    if (!connection.compareAndSet(lost, null)) {
      return;
    }
    LOG.log(System.Logger.Level.WARNING, "Lost the token {0}: {1}", login.name(), why.getMessage());
    lost.close();
  }

  private Connection connected() {
    Connection current = connection.get();
    return current != null && !closed ? current : reconnect();
  }

  private Connection reconnect() {
    long arrived = System.nanoTime();
    connecting.lock();
    try {
      if (closed) {
        throw new HsmException.Unavailable("The token " + login.name() + " was closed.", null);
      }
      Connection current = connection.get();
      if (current != null) {
        return current;
      }
      backoff.shareFailure(arrived);
      backoff.await();
      return connectAnew();
    } finally {
      connecting.unlock();
    }
  }

  private Connection connectAnew() {
    try {
      Connection made = login.reconnect();
      backoff.succeeded();
      connection.set(made);
      return made;
    } catch (HsmException e) {
      backoff.failed(e);
      throw e;
    }
  }

  /** Ends all sessions. */
  void close() {
    // Whoever connects at this moment to a token that does not answer is not waited for.
    boolean mine = isLocked();
    try {
      if (closed) {
        return;
      }
      closed = true;
    } finally {
      if (mine) {
        connecting.unlock();
      }
    }
    login.module().addUsers(-1);
    Connection last = connection.getAndSet(null);
    if (last != null) {
      end(last);
    }
  }

  private boolean isLocked() {
    try {
      return connecting.tryLock(CLOSING_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void end(Connection last) {
    try {
      deadline.run(
          1,
          () -> {
            last.close();
            return true;
          },
          () -> TokenLink::nothing);
    } catch (HsmException.Unavailable e) {
      LOG.log(System.Logger.Level.DEBUG, "Sessions stay open: {0}", e.getMessage());
    }
  }
}
