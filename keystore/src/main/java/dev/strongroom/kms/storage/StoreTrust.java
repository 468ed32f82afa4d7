// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.CanonicalEncoding;
import dev.strongroom.kms.KmsException.StoreTampered;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of the store as a whole: the highest revision it has seen, the head row
 * it verified last, and whether the store was found tampered with; then nothing is read from it or
 * written to it any more. Thread-safe.
 */
final class StoreTrust {
  private static final Logger LOG = System.getLogger(StoreTrust.class.getName());

  private final RowMacs macs;
  private final AtomicLong highWater = new AtomicLong();
  private final AtomicReference<@Nullable Row> lastHead = new AtomicReference<>();
  private final AtomicReference<@Nullable String> refusal = new AtomicReference<>();

  StoreTrust(RowMacs macs) {
    this.macs = macs;
  }

  /**
   * Returns the highest revision seen. A transaction that begins after this must not find less.
   *
   * @throws StoreTampered if the store was found tampered with earlier
   */
  long mark() {
    requireUnaltered();
    return highWater.get();
  }

  /**
   * @throws StoreTampered if the store was found tampered with earlier
   */
  void requireUnaltered() {
    String reason = refusal.get();
    if (reason != null) {
      throw new StoreTampered(reason);
    }
  }

  /** Makes every later use of the store fail with {@code reason}, which is returned. */
  StoreTampered refuse(StoreTampered reason) {
    if (refusal.compareAndSet(null, reason.getMessage())) {
      LOG.log(Level.ERROR, reason.getMessage());
    }
    return reason;
  }

  /** Checks, without a MAC, that the transaction sees no older state than {@code mark}. */
  void requireNotOlder(Session session, long mark) throws SQLException {
    requireNotOlder(session.number("SELECT revision FROM head"), mark);
  }

  private void requireNotOlder(long revision, long mark) {
    if (revision < mark) {
      throw refuse(Tampering.rolledBack(mark, revision));
    }
  }

  /** Reads the head row and verifies it; the MAC only when it is not the one verified last. */
  Row head(Session session, long mark) throws SQLException {
    List<Row> heads = session.select(Table.HEAD, Table.HEAD.selectSql());
    if (heads.size() != 1) {
      throw refuse(Tampering.missing(Table.HEAD));
    }
    Row head = heads.get(0);
    requireNotOlder(head.revision(), mark);
    Row last = lastHead.get();
    if (last == null || !head.isIdenticalTo(last)) {
      if (!macs.isAuthentic(head)) {
        throw refuse(Tampering.altered(head));
      }
      saw(head);
    }
    return head;
  }

  /**
   * Returns the newest state that was verified or written.
   *
   * @throws IllegalStateException before the first
   */
  StoreHead verified() {
    Row head = lastHead.get();
    if (head == null) {
      throw new IllegalStateException("The store was not opened");
    }
    return toHead(head);
  }

  static StoreHead toHead(Row head) {
    byte[] hash = new CanonicalEncoding().add(head.bytes("set_hash")).sha256();
    return new StoreHead(head.revision(), Base64.getEncoder().encodeToString(hash));
  }

  /** Remembers an authentic head row that is, or was, the store's. */
  void saw(Row head) {
    lastHead.set(head);
    highWater.accumulateAndGet(head.revision(), Math::max);
  }
}
