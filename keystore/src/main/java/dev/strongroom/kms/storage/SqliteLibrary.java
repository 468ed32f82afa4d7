// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * SQLite's native library, and the folder that it is unpacked to and loaded from. Looked at before
 * SQLite does, which would log three stack traces before it fails.
 */
public final class SqliteLibrary {
  private static final Logger LOG = System.getLogger(SqliteLibrary.class.getName());
  private static final Pattern LOADED = Pattern.compile("/.*/sqlite-[^/]*sqlitejdbc\\.so$");
  private static final String FOLDER = "org.sqlite.tmpdir";
  private static final String UNPACKED = "org.sqlite.lib.path";
  private static final String NAME = "org.sqlite.lib.name";

  /** More than the largest of its libraries, about 1.3 MiB. */
  private static final long LIBRARY_BYTES = 2 << 20;

  private static volatile boolean alone;

  private SqliteLibrary() {}

  /**
   * Says that nobody else in this process has an SQLite driver. The library is then unpacked here
   * instead of by the driver, which takes a tenth of a second for it: it compares what it wrote
   * byte by byte, and starts a program to learn this system's name. It is told of the file by
   * properties of the whole process, which another version of it would follow as well.
   */
  public static void ownProcess() {
    alone = true;
  }

  /**
   * @throws KmsException.Configuration if a library cannot be loaded from the folder
   */
  static void requireFolder() {
    if (System.getProperty(UNPACKED) != null) {
      return; // the library is there already
    }
    try {
      Path probe = Files.createTempFile(Path.of(folder()), "strongroom-", ".probe");
      try {
        Files.setPosixFilePermissions(probe, PosixFilePermissions.fromString("rwx------"));
        // access(2) denies execution on a mount with noexec, to root as well
        boolean hasRoom = Files.getFileStore(probe).getUsableSpace() >= LIBRARY_BYTES;
        if (!hasRoom || !Files.isExecutable(probe)) {
          throw cannotBeLoaded(null);
        }
      } finally {
        Files.delete(probe);
      }
    } catch (UnsupportedOperationException e) {
      // no POSIX modes here, so no such mount either
    } catch (IOException e) {
      throw cannotBeLoaded(e);
    }
  }

  /**
   * Unpacks the library for a driver that is alone and looks for it next. Where that is not
   * possible the driver does it by its own means.
   */
  static Optional<Path> unpack() {
    Optional<String> library = alone ? library() : Optional.empty();
    boolean isTold = System.getProperty(UNPACKED) != null || System.getProperty(NAME) != null;
    if (library.isEmpty() || isTold) {
      return Optional.empty();
    }
    try (InputStream packed = SQLiteConfig.class.getResourceAsStream(library.get())) {
      if (packed == null) {
        return Optional.empty();
      }
      return Optional.of(unpack(packed));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "SQLite''s library is left to its driver: {0}", e);
      return Optional.empty();
    }
  }

  private static Path unpack(InputStream packed) throws IOException {
    Path file = Files.createTempFile(Path.of(folder()), "strongroom-", "-libsqlitejdbc.so");
    try (OutputStream unpacked = Files.newOutputStream(file)) {
      packed.transferTo(unpacked);
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
    System.setProperty(UNPACKED, folder());
    System.setProperty(NAME, file.getFileName().toString());
    return file;
  }

  /** Deletes what {@link #unpack} left, once it was loaded, and what tells of it. */
  static void delete(Path unpacked) {
    System.clearProperty(UNPACKED);
    System.clearProperty(NAME);
    try {
      Files.deleteIfExists(unpacked);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "SQLite''s library stays in the temporary folder: {0}", e);
    }
  }

  /** Returns the library's place among the resources, on the systems that are easily told. */
  private static Optional<String> library() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.empty();
    }
    return switch (System.getProperty("os.arch")) {
      case "amd64" -> library("x86_64", "/lib64/ld-linux-x86-64.so.2");
      case "aarch64" -> library("aarch64", "/lib/ld-linux-aarch64.so.1");
      default -> Optional.empty();
    };
  }

  /** The loaders tell GNU's C library from musl, whose systems may have both. */
  private static Optional<String> library(String architecture, String loader) {
    boolean isGnu =
        Files.exists(Path.of(loader))
            && !Files.exists(Path.of("/lib/ld-musl-" + architecture + ".so.1"));
    return isGnu
        ? Optional.of("/org/sqlite/native/Linux/" + architecture + "/libsqlitejdbc.so")
        : Optional.empty();
  }

  /**
   * Deletes the copies of the library that this process has loaded. They are in memory, and the
   * driver would leave them to the end of the process, or for ever if that is killed: one for each
   * time that a container deploys an application with its own copy of us. Does nothing where {@code
   * /proc} does not tell which files are loaded.
   */
  static void deleteLoaded() {
    if (System.getProperty(UNPACKED) != null) {
      return;
    }
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      Path folder = Path.of(folder()).toRealPath();
      List<Path> loaded =
          maps.map(LOADED::matcher)
              .filter(Matcher::find)
              .map(found -> Path.of(found.group()))
              .filter(file -> folder.equals(file.getParent()))
              .distinct()
              .toList();
      for (Path file : loaded) {
        Files.deleteIfExists(file);
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".lck"));
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.DEBUG, "SQLite''s library stays in the temporary folder: {0}", e);
    }
  }

  private static String folder() {
    return System.getProperty(FOLDER, System.getProperty("java.io.tmpdir", "/tmp"));
  }

  static KmsException cannotBeLoaded(@Nullable Throwable cause) {
    return new KmsException.Configuration(
        "SQLite's library cannot be loaded from the temporary folder "
            + folder()
            + ": it is missing,"
            + " read-only, full or mounted noexec, or this system ("
            + System.getProperty("os.name")
            + ", "
            + System.getProperty("os.arch")
            + ") has none. Start Java with -D"
            + FOLDER
            + "=FOLDER, a folder that allows it.",
        cause);
  }
}
