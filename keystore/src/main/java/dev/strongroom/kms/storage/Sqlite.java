// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.sqlite.NativeLibraryNotFoundException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteOpenMode;
import org.sqlite.jdbc4.JDBC4Connection;

/**
 * SQLite: one file for several processes of one machine, or a throw-away store in memory.
 *
 * <p>A file is in WAL mode, so that readers see one state and neither wait for a writer nor stop
 * it; {@code synchronous=FULL} makes each commit durable before it returns.
 */
final class Sqlite implements Dialect {
  private static final AtomicBoolean LOADED = new AtomicBoolean();
  private static final String PREFIX = "jdbc:sqlite:";
  private static final String MEMORY = ":memory:";

  // Within a statement SQLite waits in growing steps; short waits in a loop are fairer to those
  // that wait longest. Connections adds them up.
  private static final int BUSY_TIMEOUT_MILLIS = 20;

  private final String path;
  private final StoreFile file;

  /** The logs of all open connections, which are one and the same file. */
  private final Set<StoreFile> logs = ConcurrentHashMap.newKeySet();

  private Sqlite(String path) {
    this.path = path;
    this.file = new StoreFile(path);
  }

  static boolean accepts(String url) {
    return url.startsWith(PREFIX);
  }

  /**
   * @param url {@code jdbc:sqlite:} and the path of a file or {@code :memory:}
   * @throws KmsException.Configuration if it is anything else; options are not for users to choose
   */
  static Sqlite of(String url) {
    String path = url.substring(PREFIX.length());
    if (path.equals(MEMORY)) {
      return new Sqlite(path);
    }
    if (path.isEmpty() || path.startsWith(":") || path.startsWith("file:") || path.contains("?")) {
      throw notAPath(url, null);
    }
    try {
      return new Sqlite(Path.of(path).toAbsolutePath().normalize().toString());
    } catch (InvalidPathException e) {
      throw notAPath(url, e);
    }
  }

  private static KmsException notAPath(String url, @Nullable Throwable e) {
    return new KmsException.Configuration(
        "The setting store="
            + url
            + " is not the path of a file. Write jdbc:sqlite:/path/store.db,"
            + " without options.",
        e);
  }

  /** Creates the file so that only its owner reads it; SQLite gives its log the same rights. */
  @Override
  public void prepare() {
    SqliteLibrary.requireFolder();
    if (!isThrowAway()) {
      create(Path.of(path));
      file.requireInPlace();
    }
  }

  private void create(Path file) {
    if (Files.exists(file)) {
      return;
    }
    Path folder = file.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new KmsException.StoreUnavailable(
          "The folder of the store "
              + path
              + " does not exist. Create it, or correct 'store' in"
              + " the settings.",
          null);
    }
    try {
      Files.createFile(file, ownerOnly(folder));
      syncFolder(folder);
    } catch (FileAlreadyExistsException e) {
      return; // another process was faster
    } catch (IOException e) {
      throw new KmsException.StoreUnavailable(
          "The store "
              + path
              + " cannot be created: "
              + e
              + ". Give this user the right to write"
              + " its folder, or name another one in 'store' in the settings.",
          e);
    }
  }

  static FileAttribute<?>[] ownerOnly(Path folder) {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /** Makes the new name durable: SQLite does so only for files that it created itself. */
  private static void syncFolder(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  @Override
  public Session open(boolean writes) throws SQLException {
    if (isThrowAway()) {
      return opened(new Session(connect(options()), Session.Place.ANY), writes);
    }
    file.requireInPlace();
    // A connection that is opened without the log that the others have would read nonsense.
    logs.forEach(StoreFile::requireInPlace);
    LogPlace place = new LogPlace();
    Session session = opened(new Session(connect(options()), place), writes);
    logs.add(place.log);
    return session;
  }

  private static Properties options() {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    config.resetOpenMode(SQLiteOpenMode.CREATE); // prepare() did, and once is enough
    return config.toProperties();
  }

  private Session opened(Session session, boolean writes) throws SQLException {
    try {
      session.run("PRAGMA fullfsync = ON"); // macOS: fsync alone does not reach the disk
      session.run("PRAGMA checkpoint_fullfsync = ON");
      session.run("PRAGMA secure_delete = ON");
      session.run("PRAGMA trusted_schema = OFF");
      session.run("PRAGMA query_only = " + (writes ? "OFF" : "ON"));
      requireLog(session);
      session.requireInPlace();
      return session;
    } catch (SQLException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /**
   * The log is a connection's own: with the last one it goes, and the next one makes another. So it
   * is first looked at when the connection is in WAL mode and holds it: the one that was there
   * before goes if another process ends meanwhile.
   */
  private final class LogPlace implements Session.Place {
    private final StoreFile log = new StoreFile(path + "-wal");

    @Override
    public void require() {
      file.requireInPlace();
      log.requireInPlace();
    }

    @Override
    public void leave() {
      logs.remove(log);
    }
  }

  /**
   * Connects, not through DriverManager nor its driver class, which would register itself there.
   *
   * <p>The first time, SQLite starts a process to learn the name of this system, and the JDK keeps
   * the thread that waits for processes for a minute. JDK 17 gives it the context class loader of
   * this one, which belongs to an application that may be gone by then.
   */
  private Connection connect(Properties options) throws SQLException {
    Thread thread = Thread.currentThread();
    ClassLoader application = thread.getContextClassLoader();
    thread.setContextClassLoader(null);
    try {
      return LOADED.get() ? another(options) : first(options);
    } finally {
      thread.setContextClassLoader(application);
    }
  }

  private Connection another(Properties options) throws SQLException {
    return new JDBC4Connection(PREFIX + path, path, options);
  }

  /** The first connection loads the library. */
  private Connection first(Properties options) throws SQLException {
    Optional<Path> unpacked = SqliteLibrary.unpack();
    try {
      Connection connection = another(options);
      LOADED.set(true);
      return connection;
    } finally {
      unpacked.ifPresentOrElse(SqliteLibrary::delete, SqliteLibrary::deleteLoaded);
    }
  }

  private void requireLog(Session session) throws SQLException {
    if (!isThrowAway() && !session.texts("PRAGMA journal_mode").equals(List.of("wal"))) {
      throw new KmsException.StoreUnavailable(
          "The store "
              + path
              + " cannot have a write-ahead log. Move it to a disk of this machine;"
              + " file systems of a network cannot hold it.",
          null);
    }
  }

  @Override
  public boolean isThrowAway() {
    return path.equals(MEMORY);
  }

  @Override
  public void begin(Session session, boolean writes) throws SQLException {
    session.execute(writes ? "BEGIN IMMEDIATE" : "BEGIN");
  }

  @Override
  public void prepareCommit(Session session) {}

  @Override
  public List<String> tableNames(Session session) throws SQLException {
    return session.texts("SELECT name FROM sqlite_master WHERE type = 'table'");
  }

  @Override
  public String complete(String migration) {
    return migration.replace("${bytes}", "BLOB");
  }

  @Override
  public long changeCounter(Session session) throws SQLException {
    return session.number("PRAGMA data_version");
  }

  @Override
  public boolean isBusy(SQLException failure) {
    return switch (code(failure)) {
      case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL -> true;
      default -> false;
    };
  }

  @Override
  public boolean isLost(SQLException failure) {
    return false;
  }

  /** A commit that fails here was not: it is the process itself that writes. */
  @Override
  public boolean wasCommitted(SQLException failure) {
    return false;
  }

  /** Returns the primary code: the low byte of an extended one. */
  private static SQLiteErrorCode code(SQLException failure) {
    return SQLiteErrorCode.getErrorCode(failure.getErrorCode() & 0xff);
  }

  /** Pages were zeroed by secure_delete; the log still has them as they were before. */
  @Override
  public boolean scrub(Session session) throws SQLException {
    return isThrowAway() || session.number("PRAGMA wal_checkpoint(TRUNCATE)") == 0;
  }

  @Override
  public KmsException translate(SQLException failure) {
    if (failure.getCause() instanceof NativeLibraryNotFoundException) {
      return SqliteLibrary.cannotBeLoaded(failure);
    }
    String text = problem(failure);
    return code(failure) == SQLiteErrorCode.SQLITE_NOTADB
        ? new KmsException.Configuration(text, failure)
        : new KmsException.StoreUnavailable(text, failure);
  }

  private String problem(SQLException failure) {
    return switch (code(failure)) {
      case SQLITE_NOTADB ->
          path
              + " is not a store: it is no SQLite database, or its beginning was overwritten."
              + " Correct 'store' in the settings, or restore the last backup.";
      case SQLITE_CORRUPT ->
          "The store "
              + path
              + " is damaged. Stop all processes that use it, keep a copy of the"
              + " file and of its -wal file, and restore the last backup.";
      case SQLITE_FULL ->
          "The disk of the store "
              + path
              + " is full; nothing was changed. Free space there and"
              + " try again.";
      case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN, SQLITE_AUTH ->
          "The store "
              + path
              + " cannot be opened for writing. Give this user the right to write"
              + " the file, its -wal and -shm files and their folder.";
      case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL ->
          "The store "
              + path
              + " has been locked by another process for too long. End the one"
              + " that holds it ('fuser' shows which) and try again.";
      case SQLITE_IOERR ->
          "The disk of the store "
              + path
              + " fails or is full: "
              + failure.getMessage()
              + ". The system's log has the cause; what was acknowledged is in the store.";
      default -> "The store " + path + " failed: " + failure.getMessage() + ".";
    };
  }

  @Override
  public Optional<DomainStorage.Turn> takeTurn() {
    return TurnFile.take(this);
  }

  /** Returns the file that the store is in; empty where it is in none. */
  Optional<Path> file() {
    return isThrowAway() ? Optional.empty() : Optional.of(Path.of(path));
  }

  @Override
  public String place() {
    return path;
  }
}
