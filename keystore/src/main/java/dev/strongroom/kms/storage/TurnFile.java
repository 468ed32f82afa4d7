// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A file beside the store, whose lock says that a process gives the domain key a new version. The
 * system lets go of it when the process ends, however it ends.
 */
final class TurnFile implements DomainStorage.Turn {
  private static final Logger LOG = System.getLogger(TurnFile.class.getName());

  /**
   * The files that this process holds. POSIX locks are a process's: a second look at a file that is
   * held would give the lock away when it is closed, so it is not even opened.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;

  private TurnFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  static Optional<DomainStorage.Turn> take(Sqlite dialect) {
    Path path =
        dialect
            .file()
            .map(file -> file.resolveSibling(file.getFileName() + "-rotation.lock"))
            // A store in memory is in one process alone, and known by its dialect.
            .orElseGet(() -> Path.of("memory-" + System.identityHashCode(dialect)));
    if (!HELD.add(path)) {
      return Optional.empty();
    }
    if (dialect.file().isEmpty()) {
      return Optional.of(() -> HELD.remove(path));
    }
    boolean taken = false;
    try {
      FileChannel channel = lock(path);
      taken = channel != null;
      return Optional.ofNullable(channel).map(locked -> new TurnFile(path, locked));
    } catch (IOException e) {
      throw new KmsException.StoreUnavailable(
          "The file "
              + path
              + " cannot be locked: "
              + e.getMessage()
              + ". Make the folder writable for this user and see that the disk is not full.",
          e);
    } finally {
      if (!taken) {
        HELD.remove(path);
      }
    }
  }

  private static @Nullable FileChannel lock(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            Sqlite.ownerOnly(path));
    FileLock lock = null;
    try {
      lock = channel.tryLock();
      return lock == null ? null : channel;
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The lock goes with the process at the latest.
      LOG.log(Level.DEBUG, "The lock of a rotation did not close", e);
    } finally {
      HELD.remove(path);
    }
  }
}
