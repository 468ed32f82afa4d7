// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.DomainRecord;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * A store whose tables are ready and whose rows cannot be authenticated yet: that takes the domain
 * key, which {@link #domain()} tells how to find. {@link #unlock} and {@link #initialize} make a
 * {@link KeyStorage} of it, which then owns the connections.
 *
 * <p>Several processes of one machine may use one file, those of many machines one database.
 * Thread-safe.
 */
public final class JdbcStore implements AutoCloseable {
  private static final String POSTGRESQL = "jdbc:postgresql:";

  private final Connections connections;
  private final List<Transactions> started = new CopyOnWriteArrayList<>();

  private JdbcStore(Connections connections) {
    this.connections = connections;
  }

  /**
   * Opens a store and brings its tables to this program's version; a missing file is created.
   * Nothing else is read, so that this takes as long for many keys as for none.
   *
   * @param url {@code jdbc:sqlite:/path/store.db}, or {@code jdbc:sqlite::memory:} for one that
   *     vanishes when it is closed, or {@code jdbc:postgresql://host1,host2/database?user=name}
   * @param clock dates what is done to the tables
   * @throws KmsException.Configuration if the address is none of these, the file is something else
   *     or of a later version, or SQLite's library cannot be loaded from the temporary folder
   * @throws KmsException.StoreUnavailable if the file cannot be read or written
   */
  public static JdbcStore open(String url, Clock clock) {
    Dialect dialect = dialect(url);
    dialect.prepare();
    Connections connections = new Connections(dialect);
    boolean ready = false;
    try {
      new Migrations(connections, clock).apply();
      ready = true;
      return new JdbcStore(connections);
    } finally {
      if (!ready) {
        connections.close();
      }
    }
  }

  private static Dialect dialect(String url) {
    if (Sqlite.accepts(url)) {
      return Sqlite.of(url);
    }
    if (url.startsWith(POSTGRESQL)) {
      return postgres(url);
    }
    throw new KmsException.Configuration(
        "The setting store="
            + url
            + " is not supported. Write jdbc:sqlite:/path/store.db, or"
            + " jdbc:postgresql://host/database?user=name.",
        null);
  }

  private static Dialect postgres(String url) {
    try {
      return Postgres.of(url);
    } catch (LinkageError e) {
      throw new KmsException.Configuration(
          "The setting store names PostgreSQL, whose driver is not there: "
              + e
              + ". Use"
              + " strongroom.jar, or add org.postgresql:postgresql; where modules are used also"
              + " '--add-modules org.postgresql.jdbc'.",
          e);
    }
  }

  /**
   * Returns what the store says of its domain key; empty where nobody initialised it. This is not
   * authenticated: compare the check value with the HSM before anything is done with it.
   *
   * @throws KmsException.StoreTampered if it was removed or cannot have been written by a KMS
   */
  public Optional<DomainRecord> domain() {
    return connections.read(DomainRows::find).map(DomainRows::toDomain);
  }

  /**
   * Returns the domain record, authenticated by what it says itself: for a process that knew an
   * older one.
   *
   * @param authenticator given the record, gives what makes the MACs of the versions in it
   * @throws KmsException.StoreTampered if it was altered
   */
  public DomainRecord domain(Function<DomainRecord, RowAuthenticator> authenticator) {
    Aggregate rows =
        connections
            .readApart(DomainRows::find)
            .orElseThrow(() -> new IllegalStateException("The store is not initialised"));
    DomainRecord record = DomainRows.toDomain(rows);
    new RowMacs(authenticator.apply(record)).verify(rows);
    return record;
  }

  /**
   * Makes the store usable, after its domain record and the state of the whole were verified. The
   * rows are verified as they are read, and all of them once in the background.
   *
   * @param authenticator of the domain key that {@link #domain()} names
   * @throws IllegalStateException if the store is not initialised
   * @throws KmsException.StoreTampered if the domain record or the state was altered
   */
  public KeyStorage unlock(RowAuthenticator authenticator) {
    Aggregate rows =
        connections
            .read(DomainRows::find)
            .orElseThrow(() -> new IllegalStateException("The store is not initialised"));
    RowMacs macs = new RowMacs(authenticator);
    macs.verify(rows);
    return start(macs);
  }

  /**
   * Writes the domain record of a new store and makes the store usable. Of several processes that
   * try at once, one succeeds; a process that is killed meanwhile leaves the store initialised or
   * untouched.
   *
   * @throws KmsException.Conflict if the store is initialised: read {@link #domain()} again
   */
  public KeyStorage initialize(DomainRecord domain, RowAuthenticator authenticator) {
    RowMacs macs = new RowMacs(authenticator);
    connections.write(
        session -> {
          if (DomainRows.find(session).isPresent()) {
            throw new KmsException.Conflict(
                "The store was initialised by another process meanwhile. Use it as it is.");
          }
          Changes changes = new Changes(session, macs, Changes.emptyHead());
          changes.put(Optional.empty(), DomainRows.toRows(domain));
          return changes.write();
        });
    return start(macs);
  }

  /** Where the rows of a copy come from; asked again where the database was busy. */
  public interface Image {
    InputStream open() throws IOException;
  }

  /**
   * How a store is filled.
   *
   * @param restoration is written with it
   * @param expected the state that the copy is of
   * @param toRegion where its keys are from now on
   * @param streams of the audit trail that are here; others are taken from the register
   */
  public record Restoring(
      Restoration restoration,
      StoreHead expected,
      String fromRegion,
      String toRegion,
      Set<UUID> streams) {

    public Restoring {
      streams = Set.copyOf(streams);
    }
  }

  /**
   * Fills this store with a copy, in one transaction: every row is proven before that is committed.
   *
   * @param authenticator makes the MACs of the versions in a record
   * @return the number of keys, users and other things that own their rows
   * @throws KmsException.AlreadyExists if the store is initialised
   * @throws KmsException.StoreTampered if the copy is not what was written
   */
  public long restore(
      Image image, Restoring restoring, Function<DomainRecord, RowAuthenticator> authenticator) {
    StoreRestore restore = new StoreRestore(restoring, authenticator);
    return connections.write(session -> restore.run(session, image));
  }

  static KmsException occupied() {
    return new KmsException.AlreadyExists(
        "The store was initialised by another process meanwhile. A backup is restored into an empty"
            + " one; nothing was changed.");
  }

  /** Passes over the rows of a copy. */
  public static void skip(DataInputStream copy) {
    try {
      StoreImage.read(copy, row -> {});
    } catch (SQLException e) {
      throw new AssertionError("Nothing is asked of a database", e);
    }
  }

  private KeyStorage start(RowMacs macs) {
    Transactions transactions = new Transactions(connections, macs);
    started.add(transactions);
    transactions.begin();
    return new JdbcKeyStorage(transactions);
  }

  /** Returns the connections, for those that read without {@link #unlock}. */
  Connections connections() {
    return connections;
  }

  /** Closes the connections, also those of the {@link KeyStorage}. */
  @Override
  public void close() {
    started.forEach(Transactions::close);
    connections.close();
  }
}
