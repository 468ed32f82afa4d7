// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.postgresql.Driver;

/**
 * PostgreSQL: a database that processes of many machines share, in the first schema of the search
 * path of the user who connects.
 *
 * <p>Writers take turns by an advisory lock that ends with their transaction, so each sees what the
 * one before wrote. A reader sees one snapshot. Each transaction that writes counts up a number of
 * its own process in the database: where the answer to a COMMIT was lost, that number tells whether
 * it was done, also on a standby that was promoted meanwhile.
 */
final class Postgres implements Dialect {
  private static final Logger LOG = System.getLogger(Postgres.class.getName());
  private static final Pattern SECRET =
      Pattern.compile("[?&](password|sslpassword)=", Pattern.CASE_INSENSITIVE);
  private static final Pattern TEXT = Pattern.compile("\\bTEXT\\b");

  /** How long the outcome of a commit is asked for, while a server is started or promoted. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final long ASKING_NANOS = Duration.ofMillis(100).toNanos();

  // What advisory locks are named by is one number for all programs that use the database: "STRO".
  private static final long WRITING = 0x5354524f_00000001L;
  private static final long TURN = 0x5354524f_00000002L;

  private static final String COUNT =
      "UPDATE commit_outcome SET commits = ?, written = now() WHERE process = ?";
  private static final String FIRST =
      "INSERT INTO commit_outcome (process, commits, written) VALUES (?, ?, now())";

  private static final Driver DRIVER = driver();

  private final String url;
  private final String place;

  /** Names this process in the table of outcomes. */
  private final String process = UUID.randomUUID().toString();

  private final AtomicLong commits = new AtomicLong();

  private Postgres(String url) {
    this.url = url;
    this.place = url.replaceFirst("\\?.*", "");
  }

  /**
   * Returns the driver, which registers itself when it is loaded. That of strongroom.jar has
   * another name than the one of an application and would answer for it.
   */
  private static Driver driver() {
    Driver driver = new Driver();
    boolean isOurs = Driver.class.getName().startsWith("dev.strongroom");
    if (isOurs && Driver.isRegistered()) {
      try {
        Driver.deregister();
      } catch (SQLException e) {
        LOG.log(Level.DEBUG, "The database driver stays with " + DriverManager.class, e);
      }
    }
    return driver;
  }

  /**
   * @param url {@code jdbc:postgresql://host1,host2/database?option=value}, all options the
   *     driver's
   * @throws KmsException.Configuration if the driver does not understand it or it has a password
   */
  static Postgres of(String url) {
    if (SECRET.matcher(url).find()) {
      throw new KmsException.Configuration(
          "The setting store has a password in it. Put it into the file .pgpass of this user's home,"
              + " or into one that the environment variable PGPASSFILE names, and take it out here.",
          null);
    }
    if (!DRIVER.acceptsURL(url)) {
      throw new KmsException.Configuration(
          "The setting store="
              + url
              + " is not understood. Write jdbc:postgresql://host:5432/database?user=name.",
          null);
    }
    return new Postgres(url);
  }

  @Override
  public void prepare() {}

  @Override
  public Session open(boolean writes) throws SQLException {
    Connection connection = DRIVER.connect(url, defaults());
    if (connection == null) {
      throw new SQLException("The driver does not take " + place);
    }
    Session session = new Session(connection, Session.Place.ANY);
    try {
      requireFit(session);
      return session;
    } catch (SQLException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** What holds unless the address says otherwise. */
  private static Properties defaults() {
    Properties defaults = new Properties();
    defaults.setProperty("ApplicationName", "strongroom");
    defaults.setProperty("connectTimeout", "5");
    defaults.setProperty("socketTimeout", "30");
    defaults.setProperty("tcpKeepAlive", "true");
    defaults.setProperty("targetServerType", "primary");
    return defaults;
  }

  private void requireFit(Session session) throws SQLException {
    if (!session.texts("SHOW server_encoding").equals(List.of("UTF8"))) {
      throw new KmsException.Configuration(
          "The database " + place + " is not in UTF8. Make one with ENCODING 'UTF8'.", null);
    }
    // What was acknowledged must be on the disk, whatever was set for other programs.
    if (List.of("off", "local").containsAll(session.texts("SHOW synchronous_commit"))) {
      session.run("SET synchronous_commit TO on");
    }
  }

  @Override
  public boolean isThrowAway() {
    return false;
  }

  @Override
  public void begin(Session session, boolean writes) throws SQLException {
    if (!writes) {
      session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      return;
    }
    session.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
    try {
      session.texts("SELECT pg_advisory_xact_lock(" + WRITING + ")");
    } catch (SQLException e) {
      Connections.rollBack(session);
      throw e;
    }
  }

  @Override
  public void prepareCommit(Session session) throws SQLException {
    long commit = commits.incrementAndGet();
    if (session.execute(COUNT, commit, process) == 0) {
      session.execute("DELETE FROM commit_outcome WHERE written < now() - interval '1 day'");
      session.execute(FIRST, process, commit);
    }
  }

  @Override
  public List<String> tableNames(Session session) throws SQLException {
    return session.texts("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()");
  }

  /** Texts are ordered by their bytes, as in SQLite, and not as a language has it. */
  @Override
  public String complete(String migration) {
    return TEXT.matcher(migration.replace("${bytes}", "BYTEA")).replaceAll("TEXT COLLATE \"C\"");
  }

  @Override
  public long changeCounter(Session session) throws SQLException {
    return session.number("SELECT revision FROM head");
  }

  /** Serialization failure, deadlock, lock not available. */
  @Override
  public boolean isBusy(SQLException failure) {
    return List.of("40001", "40P01", "55P03").contains(state(failure));
  }

  /** The connection failed, or the server shuts down or has just been started. */
  @Override
  public boolean isLost(SQLException failure) {
    String state = state(failure);
    return state.startsWith("08") || state.startsWith("57P");
  }

  private static String state(SQLException failure) {
    String state = failure.getSQLState();
    return state == null ? "" : state;
  }

  @Override
  public boolean wasCommitted(SQLException failure) {
    if (!isLost(failure)) {
      return false; // the server itself says that it failed
    }
    long start = System.nanoTime();
    while (System.nanoTime() - start < PATIENCE.toNanos()) {
      try (Session other = open(true)) {
        begin(other, true); // waits until the one whose outcome is asked for has ended
        return other.number("SELECT commits FROM commit_outcome WHERE process = ?", process)
            == commits.get();
      } catch (SQLException e) {
        LOG.log(Level.DEBUG, "The outcome of a commit is not known yet", e);
      }
      LockSupport.parkNanos(ASKING_NANOS);
    }
    throw new KmsException.StoreUnavailable(
        "The connection to the store "
            + place
            + " broke in the middle of a change, and whether it was made cannot be known now. Look"
            + " whether it was before you try again.",
        failure);
  }

  /** Rows that were removed are the server's to overwrite, when it needs their room. */
  @Override
  public boolean scrub(Session session) {
    return true;
  }

  @Override
  public KmsException translate(SQLException failure) {
    String state = state(failure);
    String problem = problem(state, failure);
    boolean isSetting = isRefused(state) || state.startsWith("3D") || state.equals("42501");
    return isSetting
        ? new KmsException.Configuration(problem, failure)
        : new KmsException.StoreUnavailable(problem, failure);
  }

  /** The server or, without a password, the driver: "rejected" is all that one says then. */
  private static boolean isRefused(String state) {
    return state.startsWith("28") || state.equals("08004");
  }

  private String problem(String state, SQLException failure) {
    if (isRefused(state)) {
      return "The store "
          + place
          + " refuses this user: "
          + firstLine(failure)
          + ". Correct 'user' in the setting store, or the file .pgpass.";
    }
    if (state.startsWith("3D")) {
      return "There is no such database: " + place + ". Create it, or correct the setting store.";
    }
    return switch (state) {
      case "42501" ->
          "This user may not do that in the store "
              + place
              + ": "
              + firstLine(failure)
              + ". Grant it the right, or use the role that may.";
      case "25006" ->
          "The store " + place + " is a standby. Name all hosts in the setting store: h1,h2.";
      case "53100" ->
          "The disk of the store " + place + " is full; nothing was changed. Free space there.";
      case "53300" ->
          "The store "
              + place
              + " has no connection left. Raise max_connections there; each JVM takes up to seven.";
      default ->
          (isLost(failure) ? "The store " + place + " cannot be reached" : "The store failed")
              + ": "
              + firstLine(failure)
              + ". See that the server runs and can be reached from here, and try again.";
    };
  }

  private static String firstLine(SQLException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.lines().findFirst().orElse("").replaceFirst("[.!]$", "");
  }

  /** The lock is the connection's, and goes with it. */
  @Override
  public Optional<DomainStorage.Turn> takeTurn() {
    try {
      Session session = open(true);
      boolean taken = false;
      try {
        taken = session.texts("SELECT pg_try_advisory_lock(" + TURN + ")").equals(List.of("t"));
      } finally {
        if (!taken) {
          Connections.quietlyClose(session);
        }
      }
      return taken ? Optional.of(() -> Connections.quietlyClose(session)) : Optional.empty();
    } catch (SQLException e) {
      throw translate(e);
    }
  }

  @Override
  public String place() {
    return place;
  }
}
