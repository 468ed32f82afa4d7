// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one store: one that writes, behind a lock, and a few that read, each opened at
 * its first use. A throw-away store has the one connection for both. The only place where database
 * errors become KMS errors. Thread-safe.
 */
final class Connections implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Connections.class.getName());

  /** How long the locks of other processes are waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How long closing waits for reads that are under way. */
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private static final int READERS = 4;

  private final Dialect dialect;
  private final ReentrantLock writerLock = new ReentrantLock(true);
  private @Nullable Session writer; // guarded by writerLock
  private final Semaphore readerPermits = new Semaphore(READERS, true);
  private final ConcurrentLinkedDeque<Session> idleReaders = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  Connections(Dialect dialect) {
    this.dialect = dialect;
  }

  /** What is done in one transaction. It may run again from the start if a lock was not had. */
  interface Work<T> {
    T run(Session session) throws SQLException;
  }

  Dialect dialect() {
    return dialect;
  }

  /**
   * Runs {@code work} on one state of the store.
   *
   * @throws KmsException whatever {@code work} throws, or one made of the database's error
   */
  <T> T read(Work<T> work) {
    if (dialect.isThrowAway()) {
      return isWriting() ? inside(work) : withWriter(false, work);
    }
    readerPermits.acquireUninterruptibly();
    try {
      return patiently(() -> readOnce(work));
    } finally {
      readerPermits.release();
    }
  }

  /**
   * Runs {@code work} on one state of the store and on a connection of its own: for those that are
   * in a transaction already, and must not wait for others that are as well.
   */
  <T> T readApart(Work<T> work) {
    if (dialect.isThrowAway()) {
      return read(work);
    }
    return patiently(
        () -> {
          try (Session session = openReader()) {
            return transact(session, false, work);
          }
        });
  }

  private boolean isWriting() {
    return writerLock.isHeldByCurrentThread();
  }

  /**
   * Reads what the transaction of this thread sees, which has the only connection that there is.
   */
  private <T> T inside(Work<T> work) {
    try {
      return work.run(Objects.requireNonNull(writer));
    } catch (SQLException e) {
      throw dialect.translate(e);
    }
  }

  private <T> T readOnce(Work<T> work) throws SQLException {
    Session session = idleReaders.poll();
    while (session != null) {
      try {
        return readIn(session, work);
      } catch (SQLException e) {
        if (!dialect.isLost(e)) {
          throw e;
        }
        LOG.log(Level.DEBUG, "An idle connection was lost", e);
      }
      session = idleReaders.poll();
    }
    return readIn(dialect.open(false), work);
  }

  private <T> T readIn(Session session, Work<T> work) throws SQLException {
    boolean usable = false;
    try {
      T result = transact(session, false, work);
      usable = true;
      return result;
    } catch (KmsException e) {
      usable = true; // and rolled back
      throw e;
    } finally {
      giveBack(session, usable);
    }
  }

  private void giveBack(Session session, boolean usable) {
    if (usable) {
      idleReaders.push(session);
    }
    // close() may have emptied the pool just before the push: whoever removes a session closes it.
    if (!usable || (closed && idleReaders.remove(session))) {
      quietlyClose(session);
    }
  }

  /**
   * Runs {@code work} while nobody else writes; what it wrote is durable when this returns, and
   * nothing of it is written when this throws.
   *
   * @throws KmsException whatever {@code work} throws, or one made of the database's error
   */
  <T> T write(Work<T> work) {
    return withWriter(true, work);
  }

  /** Has what was removed overwritten where the database keeps copies; false if it is busy. */
  boolean scrub() {
    writerLock.lock();
    try {
      requireOpen();
      Session session = writer;
      if (session == null) {
        session = dialect.open(true);
        writer = session;
      }
      return dialect.scrub(session);
    } catch (SQLException e) {
      if (dialect.isBusy(e)) {
        return false;
      }
      throw dialect.translate(e);
    } finally {
      writerLock.unlock();
    }
  }

  private <T> T withWriter(boolean writes, Work<T> work) {
    writerLock.lock();
    try {
      return patiently(() -> writeOnce(writes, work));
    } finally {
      writerLock.unlock();
    }
  }

  private <T> T writeOnce(boolean writes, Work<T> work) throws SQLException {
    try {
      return finish(beginInWriter(writes), writes, work);
    } catch (SQLException e) {
      if (!dialect.isThrowAway() && !dialect.isBusy(e)) {
        dropWriter(); // its state is not known any more
      }
      throw e;
    }
  }

  private Session beginInWriter(boolean writes) throws SQLException {
    if (writer != null) {
      try {
        return begin(writer, writes);
      } catch (SQLException e) {
        if (!dialect.isLost(e)) {
          throw e;
        }
        LOG.log(Level.DEBUG, "The connection that writes was lost", e);
        dropWriter();
      }
    }
    Session session = dialect.open(true);
    writer = session;
    return begin(session, writes);
  }

  private void dropWriter() {
    Session session = writer;
    writer = null;
    if (session != null) {
      quietlyClose(session);
    }
  }

  private <T> T transact(Session session, boolean writes, Work<T> work) throws SQLException {
    return finish(begin(session, writes), writes, work);
  }

  private Session begin(Session session, boolean writes) throws SQLException {
    LOG.log(Level.TRACE, "BEGIN");
    session.requireInPlace();
    dialect.begin(session, writes);
    return session;
  }

  private <T> T finish(Session session, boolean writes, Work<T> work) throws SQLException {
    boolean done = false;
    try {
      T result = work.run(session);
      commit(session, writes);
      done = true;
      session.requireInPlace(); // else it was read from, or written to, a file that nobody will see
      return result;
    } finally {
      if (!done) {
        rollBack(session);
      }
    }
  }

  private void commit(Session session, boolean writes) throws SQLException {
    if (writes) {
      dialect.prepareCommit(session);
    }
    try {
      session.execute("COMMIT");
    } catch (SQLException e) {
      if (!writes || !dialect.wasCommitted(e)) {
        throw e;
      }
      LOG.log(Level.DEBUG, "The answer to a COMMIT was lost, not the commit", e);
    }
  }

  static void rollBack(Session session) {
    try {
      session.execute("ROLLBACK");
    } catch (SQLException e) {
      // SQLite rolls back by itself after some errors, and what cannot be rolled back now is when
      // the connection ends. The error that led here says what went wrong.
      LOG.log(Level.DEBUG, "ROLLBACK failed", e);
    }
  }

  private interface Attempt<T> {
    T run() throws SQLException;
  }

  /** Repeats what fails for a lock of another process, and translates what fails for good. */
  private <T> T patiently(Attempt<T> attempt) {
    long start = System.nanoTime();
    while (true) {
      requireOpen();
      try {
        return attempt.run();
      } catch (SQLException e) {
        if (!dialect.isBusy(e) || System.nanoTime() - start > PATIENCE.toNanos()) {
          throw dialect.translate(e);
        }
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("The store " + dialect.place() + " was closed");
    }
  }

  /** Opens a connection that only reads and that the caller closes. */
  Session openReader() throws SQLException {
    requireOpen();
    return dialect.open(false);
  }

  boolean isClosed() {
    return closed;
  }

  /** Closes all connections; waits a while for those in use. */
  @Override
  public void close() {
    closed = true;
    awaitReaders();
    Session idle = idleReaders.poll();
    while (idle != null) {
      quietlyClose(idle);
      idle = idleReaders.poll();
    }
    closeWriter();
  }

  /** The writer goes last: only a connection that writes can empty SQLite's log into the file. */
  private void closeWriter() {
    writerLock.lock();
    try {
      dropWriter();
    } finally {
      writerLock.unlock();
    }
  }

  private void awaitReaders() {
    try {
      if (readerPermits.tryAcquire(READERS, CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
        readerPermits.release(READERS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // those in use are closed when they come back
    }
  }

  static void quietlyClose(Session session) {
    try {
      session.close();
    } catch (SQLException e) {
      // Nothing is lost: what was committed is durable and the rest was never promised.
      LOG.log(Level.DEBUG, "A database connection did not close", e);
    }
  }
}
