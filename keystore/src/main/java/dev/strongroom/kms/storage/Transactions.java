// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.RowChange;
import dev.strongroom.kms.storage.KeyStorage.ChangeListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes of an unlocked store: each sees no older state than the one before, each write
 * carries the head row along, and listeners hear of what changed. Thread-safe.
 */
final class Transactions {
  private static final Logger LOG = System.getLogger(Transactions.class.getName());

  private final Connections connections;
  private final RowMacs macs;
  private final StoreTrust trust;
  private final StoreCheck check;
  private final List<ChangeListener> listeners = new CopyOnWriteArrayList<>();

  private volatile ChangeRecorder recorder = ChangeRecorder.NONE;
  private volatile @Nullable ChangeWatch watch;
  private volatile boolean uncheckedChange;
  private volatile @Nullable KmsException outage;

  /** Every change up to this revision was told. */
  private final AtomicLong told = new AtomicLong();

  Transactions(Connections connections, RowMacs macs) {
    this.connections = connections;
    this.macs = macs;
    this.trust = new StoreTrust(macs);
    this.check = new StoreCheck(connections, macs, trust);
  }

  /**
   * Verifies the head row and begins to watch the store; the first look at it has it scanned, so
   * that no moment lies between the state that was scanned and the first that is watched.
   */
  void begin() {
    long mark = trust.mark();
    told.set(connections.read(session -> trust.head(session, mark)).revision());
    watch = ChangeWatch.start(this, connections);
  }

  /** Returns the newest state that this process has seen. */
  StoreHead head() {
    return trust.verified();
  }

  RowMacs macs() {
    return macs;
  }

  /** Reads one root by its primary key and verifies it with all rows that it owns. */
  Optional<Aggregate> find(Session session, Table table, Object... key) throws SQLException {
    Optional<Aggregate> rows = Aggregate.find(session, table, key);
    rows.ifPresent(macs::verify);
    return rows;
  }

  /** Remembers why the store cannot be watched, or with null that it can again. */
  void noticeOutage(@Nullable KmsException outage) {
    this.outage = outage;
  }

  /** Remembers that the store was altered: this process hears of no change any more. */
  void refuse(KmsException.StoreTampered reason) {
    trust.refuse(reason);
  }

  void requireReachable() {
    trust.requireUnaltered();
    KmsException reason = outage;
    if (reason != null) {
      throw new KmsException.StoreUnavailable(String.valueOf(reason.getMessage()), reason);
    }
  }

  <T> T read(Connections.Work<T> work) {
    long mark = trust.mark();
    return connections.read(
        session -> {
          trust.requireNotOlder(session, mark);
          return work.run(session);
        });
  }

  /** What a write does: it reads through the session and puts changes. */
  interface Write<T> {
    T run(Session session, Changes changes) throws SQLException;
  }

  /**
   * Runs one write transaction and tells of it.
   *
   * @param keys the keys that it changes
   * @param identities whether it changes users or access keys
   */
  <T> T write(Set<KeyId> keys, boolean identities, Write<T> write) {
    T result = writeRecorded(write);
    if (!keys.isEmpty() || identities) {
      tell(listener -> listener.changed(keys, identities));
    }
    return result;
  }

  /** Runs one write transaction that destroys a key unless it returns nothing. */
  <T> Optional<T> writeDestroying(KeyId key, Write<Optional<T>> write) {
    Optional<T> result = write(Set.of(key), false, write);
    if (result.isPresent()) {
      tell(listener -> listener.destroyed(Set.of(key)));
    }
    return result;
  }

  /** Does the same with trusted certificates. */
  <T> T writeTrust(Write<T> write) {
    T result = writeRecorded(write);
    tell(ChangeListener::trustChanged);
    return result;
  }

  /** Does the same with custom key stores. */
  <T> T writeCustomKeyStores(Write<T> write) {
    T result = writeRecorded(write);
    tell(ChangeListener::customKeyStoresChanged);
    return result;
  }

  private <T> T writeRecorded(Write<T> write) {
    recorder.prepare();
    return write(write, recorder, macs);
  }

  /** Runs one write transaction whose rows, and the head, are sealed by others than all are. */
  <T> T writeSealing(RowAuthenticator sealing, Write<T> write) {
    recorder.prepare();
    return write(write, recorder, new RowMacs(sealing));
  }

  /**
   * Runs a write transaction that nobody is told of and that is not put on record: it changes no
   * row whose table {@link Table#isRecorded() is}.
   */
  <T> T writeQuietly(Write<T> write) {
    return write(write, ChangeRecorder.NONE, macs);
  }

  private <T> T write(Write<T> write, ChangeRecorder record, RowMacs sealing) {
    long mark = trust.mark();
    Written<T> written =
        connections.write(
            session -> {
              Changes changes = new Changes(session, sealing, trust.head(session, mark));
              T result = write.run(session, changes);
              Row head = changes.write();
              // Last, so that what fails before leaves no trace; not after the commit, so that
              // nothing is changed that is not on record.
              List<RowChange> recorded = changes.recorded();
              if (!recorded.isEmpty()) {
                record.changing(changes.revision(), recorded);
              }
              return new Written<>(result, head, !recorded.isEmpty());
            });
    if (written.isRecorded()) {
      record.changed(written.head().revision());
    }
    trust.saw(written.head());
    // Leaves the revision where it is if another process wrote in between and was not noticed yet.
    told.compareAndSet(written.head().revision() - 1, written.head().revision());
    return written.result();
  }

  private record Written<T>(T result, Row head, boolean isRecorded) {}

  /** Has what is written from now on put on record. */
  void recordWith(ChangeRecorder changes) {
    recorder = changes;
  }

  /** Reads everything, also after the store was found altered. */
  StoreContents inspect() {
    return connections.read(session -> new Inspection(session, macs).run());
  }

  /** Scans all roots on one state of the store; see {@link Scan}. */
  long scan(Scan.Visit each) {
    long mark = trust.mark();
    return connections.read(
        session -> new Scan(session, macs, trust, (done, total) -> {}).run(mark, each));
  }

  /** What is done on one state of the store. */
  interface Snapshot<T> {
    T run(Session session, StoreHead head) throws SQLException;
  }

  /** Runs {@code snapshot} on one state, whose head is verified. */
  <T> T snapshot(Snapshot<T> snapshot) {
    long mark = trust.mark();
    return connections.readApart(
        session -> snapshot.run(session, StoreTrust.toHead(trust.head(session, mark))));
  }

  long check(KeyStorage.Progress progress) {
    return check.run(progress);
  }

  void onChange(ChangeListener listener) {
    listeners.add(listener);
  }

  /**
   * Tells what other processes changed since the last time.
   *
   * @param unexplained whether the store may have been changed in another way than by a KMS, which
   *     never commits without a new head row
   */
  void noticeCommit(boolean unexplained) {
    long mark = trust.mark();
    long seen = told.get();
    News news = connections.read(session -> news(session, seen));
    if (!news.keys().isEmpty() || news.identities()) {
      tell(listener -> listener.changed(news.keys(), news.identities()));
    }
    if (!news.destroyed().isEmpty()) {
      tell(listener -> listener.destroyed(news.destroyed()));
    }
    if (news.trust()) {
      tell(ChangeListener::trustChanged);
    }
    if (news.domain()) {
      tell(ChangeListener::domainChanged);
    }
    if (news.customKeyStores()) {
      tell(ChangeListener::customKeyStoresChanged);
    }
    // Caches forget first and the head is verified after: the HSM may take its time.
    Row head = connections.read(session -> trust.head(session, mark));
    told.accumulateAndGet(Math.min(news.revision(), head.revision()), Math::max);
    uncheckedChange = true;
    if (unexplained) {
      checkNow();
    }
  }

  /**
   * Has the store scanned if it was changed since the last scan and that one is long enough ago.
   */
  void checkIfDue() {
    if (uncheckedChange && check.isDue()) {
      checkNow();
    }
  }

  private void checkNow() {
    uncheckedChange = false;
    check.request();
  }

  /** {@code keys} are those that were destroyed, too. */
  private record News(
      Set<KeyId> keys,
      Set<KeyId> destroyed,
      boolean identities,
      boolean trust,
      boolean domain,
      boolean customKeyStores,
      long revision) {}

  private static News news(Session session, long seen) throws SQLException {
    Set<KeyId> destroyed =
        ids(session.texts("SELECT key_id FROM deleted_key WHERE revision > ?", seen));
    Set<KeyId> keys = ids(session.texts("SELECT key_id FROM cmk WHERE revision > ?", seen));
    keys.addAll(destroyed);
    // Every change of identities writes their account anew: a deletion would leave no row to see.
    boolean identities =
        session.number("SELECT count(*) FROM account WHERE revision > ?", seen) > 0;
    boolean trust = session.number("SELECT count(*) FROM trust_store WHERE revision > ?", seen) > 0;
    boolean domain = session.number("SELECT count(*) FROM domain WHERE revision > ?", seen) > 0;
    long revision = session.number("SELECT revision FROM head");
    // One that is deleted was disconnected before, and that was seen.
    boolean stores =
        session.number("SELECT count(*) FROM custom_key_store WHERE revision > ?", seen) > 0;
    return new News(keys, destroyed, identities, trust, domain, stores, revision);
  }

  private static Set<KeyId> ids(List<String> texts) {
    Set<KeyId> ids = new HashSet<>();
    texts.forEach(id -> ids.add(KeyRows.parseId(id)));
    return ids;
  }

  private void tell(Consumer<ChangeListener> change) {
    for (ChangeListener listener : listeners) {
      try {
        change.accept(listener);
      } catch (RuntimeException e) {
        // What was written is durable: neither its caller nor the other listeners may suffer.
        LOG.log(Level.ERROR, "A listener failed to hear of a change", e);
      }
    }
  }

  Dialect dialect() {
    return connections.dialect();
  }

  /** Has removed content overwritten; see {@link DeletionStorage#scrub}. */
  boolean scrub() {
    return connections.scrub();
  }

  void close() {
    if (watch != null) {
      watch.stop();
    }
    connections.close();
  }
}
