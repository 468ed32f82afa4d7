// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder that SQLite's native library is unpacked to and loaded from. Looked at before SQLite
 * does, which would log three stack traces before it fails.
 */
final class SqliteLibrary {
  private static final Logger LOG = System.getLogger(SqliteLibrary.class.getName());
  private static final Pattern LOADED = Pattern.compile("/.*/sqlite-[^/]*sqlitejdbc\\.so$");
  private static final String FOLDER = "org.sqlite.tmpdir";
  private static final String UNPACKED = "org.sqlite.lib.path";

  /** More than the largest of its libraries, about 1.3 MiB. */
  private static final long LIBRARY_BYTES = 2 << 20;

  private SqliteLibrary() {}

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
