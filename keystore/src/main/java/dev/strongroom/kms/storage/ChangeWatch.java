// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Looks every 25 ms whether another process committed, and tells the storage. One question to the
 * database, which answers from shared memory, is all that it costs while nothing happens.
 *
 * <p>It runs in a daemon thread of its own that holds the storage weakly and ends when the storage
 * is closed or collected; then it closes the connections.
 */
final class ChangeWatch {
  private static final Logger LOG = System.getLogger(ChangeWatch.class.getName());
  private static final long INTERVAL_MILLIS = 25;
  private static final long STOPPING_MILLIS = 5000;

  /** So many failures in a row are an outage: a second. */
  private static final int OUTAGE = 40;

  private static final byte[] NONE = {};

  private final ReferenceQueue<Transactions> collected = new ReferenceQueue<>();
  private final WeakReference<Transactions> transactions;
  private final Connections connections;
  private volatile @Nullable Thread thread;
  private @Nullable Session session;
  private long counter;
  private boolean failing;
  private int failures;
  private byte[] headMac = NONE;

  private ChangeWatch(Transactions transactions, Connections connections) {
    this.transactions = new WeakReference<>(transactions, collected);
    this.connections = connections;
  }

  static ChangeWatch start(Transactions transactions, Connections connections) {
    ChangeWatch watch = new ChangeWatch(transactions, connections);
    watch.thread = Daemons.start("strongroom-store-watch", Thread.NORM_PRIORITY, watch::work);
    return watch;
  }

  /** Ends the thread, which closes its connection, and waits for that a while. */
  void stop() {
    transactions.enqueue(); // as if the storage had been collected
    Thread waitedFor = thread;
    if (waitedFor == null || waitedFor == Thread.currentThread()) {
      return; // a listener closes the storage
    }
    try {
      waitedFor.join(STOPPING_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    try {
      do {
        look();
      } while (!connections.isClosed() && !isCollected());
    } finally {
      closeSession();
      connections.close();
    }
  }

  private boolean isCollected() {
    try {
      Reference<? extends Transactions> reference = collected.remove(INTERVAL_MILLIS);
      return reference != null;
    } catch (InterruptedException e) {
      return false; // nobody has a reason to; closing the storage ends this thread
    }
  }

  private void look() {
    if (connections.dialect().isThrowAway()) {
      return;
    }
    try {
      lookOnce();
      failing = false;
      failures = 0;
      reachable(null);
    } catch (SQLException e) {
      LOG.log(Level.DEBUG, "The store cannot be watched at the moment", e);
      closeSession();
      failed(connections.dialect().translate(e));
    } catch (KmsException.StoreTampered e) {
      refuse(e);
    } catch (KmsException.StoreUnavailable e) {
      if (isLost(e)) {
        closeSession();
        failed(e);
      } else {
        reachable(e);
      }
      tryAgain(e);
    } catch (RuntimeException | Error e) { // no memory or no thread left passes, too
      failed(e instanceof KmsException known ? known : unexpected(e));
      tryAgain(e);
    }
  }

  private boolean isLost(KmsException.StoreUnavailable e) {
    return e.getCause() instanceof SQLException cause && connections.dialect().isLost(cause);
  }

  private void lookOnce() throws SQLException {
    if (session == null) {
      session = connections.openReader();
      counter = 0; // a new connection counts anew
      headMac = NONE;
    }
    session.requireInPlace();
    if (connections.dialect().changeCounter(session) != counter) {
      changed(session);
    }
    checkIfDue();
  }

  /** What passes in a moment is no outage. */
  private void failed(KmsException reason) {
    failures++;
    if (failures >= OUTAGE) {
      reachable(reason);
    }
  }

  private static KmsException unexpected(Throwable e) {
    return new KmsException.StoreUnavailable(
        "Changes of the store by other processes cannot be read: "
            + e
            + ". Start this process anew; if that does not help, report this with the log.",
        e);
  }

  /** Whatever failed, the store or the HSM: caches rely on this thread. */
  private void tryAgain(Throwable e) {
    if (!failing && !connections.isClosed()) { // once, not forty times a second
      LOG.log(Level.WARNING, "Changes by other processes cannot be read: " + e.getMessage());
    }
    failing = true;
    counter = 0;
  }

  private void refuse(KmsException.StoreTampered reason) {
    Transactions watched = transactions.get();
    if (watched != null) {
      watched.refuse(reason);
    }
  }

  private void reachable(@Nullable KmsException outage) {
    Transactions watched = transactions.get();
    if (watched != null) {
      watched.noticeOutage(outage);
    }
  }

  private void checkIfDue() {
    Transactions watched = transactions.get();
    if (watched != null) {
      watched.checkIfDue();
    }
  }

  /** Takes counter and head from one state of the store, so that the two can be compared. */
  private void changed(Session open) throws SQLException {
    connections.dialect().begin(open, false);
    byte[] mac;
    try {
      mac = open.bytes("SELECT mac FROM head");
      counter = connections.dialect().changeCounter(open);
    } finally {
      open.execute("COMMIT");
    }
    Transactions watched = transactions.get();
    if (watched != null) {
      watched.noticeCommit(headMac.length == 0 || Arrays.equals(mac, headMac));
    }
    headMac = mac;
  }

  private void closeSession() {
    if (session != null) {
      Connections.quietlyClose(session);
      session = null;
    }
  }
}
