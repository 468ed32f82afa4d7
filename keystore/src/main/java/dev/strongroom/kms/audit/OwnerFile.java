// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Shows other processes that the one which writes a stream lives: {@code
 * owners/<stream>.<process>.owner} beside the journals, locked as long as the process has the
 * stream. The system lets go of the lock when the process ends, however it ends; the file then
 * tells that the stream was not closed.
 *
 * <p>The journals themselves cannot be locked: whoever closes any channel to a file takes all locks
 * of its JVM away from it, and a JVM reads its own journals. For the same reason a JVM must not
 * open an owner file of its own again, in whatever class loader: the name says whose it is.
 */
final class OwnerFile implements AutoCloseable {
  private static final Logger LOG = System.getLogger(OwnerFile.class.getName());
  private static final String FOLDER = "owners";
  private static final Pattern NAME =
      Pattern.compile(StreamFiles.ID + "\\.([0-9]+-[0-9]+)\\.owner");
  private static final String PROCESS = process();

  private final Path path;
  private final FileChannel channel;

  private OwnerFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Ids of processes are used again, but not within the tick of a clock. */
  private static String process() {
    ProcessHandle self = ProcessHandle.current();
    long started = self.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return self.pid() + "-" + started;
  }

  /**
   * Takes a stream that this process begins, before its first file is made. The file has its name
   * only once it is locked, so that nobody takes a stream for an orphan that is being born.
   *
   * @param journals the folder of the journals
   * @return empty where files cannot be locked: nobody will then seal the stream but its process
   */
  static Optional<OwnerFile> create(Path journals, UUID stream) throws IOException {
    Path folder = JournalFile.folder(journals.resolve(FOLDER));
    Path unnamed = folder.resolve(stream + ".new");
    Path path = folder.resolve(stream + "." + PROCESS + ".owner");
    FileChannel channel =
        FileChannel.open(
            unnamed,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            JournalFile.ownerOnly("rw-------"));
    OwnerFile owner = null;
    try {
      if (isLocked(channel)) {
        Files.move(unnamed, path, StandardCopyOption.ATOMIC_MOVE);
        owner = new OwnerFile(path, channel);
      }
      return Optional.ofNullable(owner);
    } finally {
      if (owner == null) {
        channel.close();
        Files.deleteIfExists(unnamed);
      }
    }
  }

  /** Does the same unless this process has done so before. */
  static Optional<OwnerFile> createIfMissing(Path journals, UUID stream) throws IOException {
    Path path = journals.resolve(FOLDER).resolve(stream + "." + PROCESS + ".owner");
    return Files.exists(path) ? Optional.empty() : create(journals, stream);
  }

  private static boolean isLocked(FileChannel channel) {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (IOException | OverlappingFileLockException e) {
      LOG.log(Level.DEBUG, "The owner of a stream cannot be locked", e);
      return false;
    }
  }

  /** Returns the owner files that other processes made, by stream. */
  static Map<UUID, Path> ofOthers(Path journals) throws IOException {
    Map<UUID, Path> others = new TreeMap<>();
    Path folder = journals.resolve(FOLDER);
    if (!Files.isDirectory(folder)) {
      return others;
    }
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder, "*.owner")) {
      for (Path path : paths) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        if (name.matches() && !name.group(2).equals(PROCESS)) {
          others.put(UUID.fromString(name.group(1)), path);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return others;
  }

  /**
   * Deletes what processes left that were killed before their file had its name, which takes no
   * hour.
   */
  static void sweep(Path journals, Instant now) throws IOException {
    Path folder = journals.resolve(FOLDER);
    if (!Files.isDirectory(folder)) {
      return;
    }
    Instant hourAgo = now.minus(Duration.ofHours(1));
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder, "*.new")) {
      for (Path path : paths) {
        if (Files.getLastModifiedTime(path).toInstant().isBefore(hourAgo)) {
          Files.deleteIfExists(path);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** Takes the stream of another process; empty if that lives, or if somebody else was faster. */
  static Optional<OwnerFile> take(Path path) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(path, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (isLocked(channel)) {
      return Optional.of(new OwnerFile(path, channel));
    }
    channel.close();
    return Optional.empty();
  }

  /** Lets go of a stream whose end is registered: nobody has to look after it any more. */
  void delete() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "The owner file of an ended stream stays", e);
    }
    close();
  }

  /** Lets go of the stream as if the process had ended. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "Closing an owner file failed", e);
    }
  }
}
