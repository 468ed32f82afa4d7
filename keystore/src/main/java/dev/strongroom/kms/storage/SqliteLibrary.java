// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The folder that SQLite's native library is unpacked to and loaded from. Looked at before SQLite
 * does, which would log three stack traces before it fails.
 */
final class SqliteLibrary {
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
