// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One file of a journal while it is written.
 *
 * <p>Only the journal's own thread calls this: a channel closes itself under a thread that is
 * interrupted, and the threads of callers may be.
 */
final class JournalFile {
  private static final System.Logger LOG = System.getLogger(JournalFile.class.getName());

  // Two windows overlap by more than a frame: a frame that does not fit the one fits the other.
  private static final long OVERLAP_BYTES = JournalFormat.MAX_FRAME_BYTES + 4096;

  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(65_536).asReadOnlyBuffer();

  private final Path path;
  private final FileChannel channel;
  private final @Nullable Object identity;
  private long allocated;

  private JournalFile(Path path, FileChannel channel, @Nullable Object identity) {
    this.path = path;
    this.channel = channel;
    this.identity = identity;
  }

  static String name(UUID stream, int index) {
    String number = Integer.toString(index);
    return stream + "-" + "0".repeat(Math.max(0, 6 - number.length())) + number + ".journal";
  }

  /**
   * Makes a new file of zeros, and its folder if need be; both for the owner only.
   *
   * @param bytes its first length
   */
  static JournalFile create(Path folder, UUID stream, int index, long bytes) throws IOException {
    Path path = folder(folder).resolve(name(stream, index));
    FileChannel channel =
        FileChannel.open(
            path,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
            ownerOnly("rw-------"));
    try {
      JournalFile file = new JournalFile(path, channel, identity(path));
      file.allocate(bytes);
      channel.force(true);
      forceFolder(folder);
      return file;
    } catch (IOException e) {
      channel.close();
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /**
   * Opens a file that its process left behind, cuts off what comes after {@code length}, and makes
   * it longer by {@code room} zeros.
   */
  static JournalFile reopen(Path path, long length, long room) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      JournalFile file = new JournalFile(path, channel, identity(path));
      channel.truncate(length);
      file.allocated = length;
      file.allocate(length + room);
      return file;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Makes a folder for the owner only, if it is not there; returns it. */
  static Path folder(Path folder) throws IOException {
    // JDK 17 would refuse a symbolic link to a folder.
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, ownerOnly("rwx------"));
    }
    return folder;
  }

  static FileAttribute<?>[] ownerOnly(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /** Makes the file's name durable, where folders can be opened. */
  private static void forceFolder(Path folder) throws IOException {
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Returns how long the file is. */
  long allocated() {
    return allocated;
  }

  String name() {
    return path.getFileName().toString();
  }

  /** Writes zeros up to {@code bytes}, so that the space is there and not only promised. */
  void allocate(long bytes) throws IOException {
    ByteBuffer zeros = ZEROS.duplicate();
    for (long at = allocated; at < bytes; ) {
      zeros.position(0).limit((int) Math.min(zeros.capacity(), bytes - at));
      at += channel.write(zeros, at);
    }
    allocated = bytes;
  }

  /** Opens the file once more, for somebody who reads it even if it is removed. */
  FileChannel openToRead() throws IOException {
    return FileChannel.open(path, StandardOpenOption.READ);
  }

  /** Stores bytes that were stored to another copy of the file before. */
  void write(long position, ByteBuffer bytes) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  /** Returns a window on the first bytes. */
  Window firstWindow() throws IOException {
    return map(0);
  }

  /** Returns a window that takes over where one up to {@code end} is full. */
  Window windowAfter(long end) throws IOException {
    return map(Math.max(0, end - OVERLAP_BYTES));
  }

  private Window map(long start) throws IOException {
    return new Window(channel.map(FileChannel.MapMode.READ_WRITE, start, allocated - start), start);
  }

  /** Reads exactly {@code length} bytes that were written through a window before. */
  void read(long position, byte[] target, int length) throws IOException {
    ByteBuffer into = ByteBuffer.wrap(target, 0, length);
    while (into.hasRemaining()) {
      if (channel.read(into, position + into.position()) < 0) {
        throw new EOFException(path + " became shorter. Something else changes the journal.");
      }
    }
  }

  /** Returns when everything is on the disk, in a file that is still there under its name. */
  void force() throws IOException {
    checkIdentity();
    if (channel.size() < allocated) {
      throw new EOFException(path + " became shorter. Something else changes the journal.");
    }
    channel.force(false);
  }

  private void checkIdentity() throws IOException {
    if (!Objects.equals(identity, identity(path))) {
      throw new NoSuchFileException(path.toString(), null, "the journal was removed or replaced");
    }
  }

  private static @Nullable Object identity(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /** Cuts off the zeros after {@code length}, and closes the file when it is on the disk. */
  void closeAt(long length) throws IOException {
    checkIdentity();
    try (channel) {
      cutAt(length);
      channel.force(true);
    }
  }

  private void cutAt(long length) {
    try {
      channel.truncate(length);
    } catch (IOException e) {
      // Windows keeps a mapped file as long as it is. The format allows zeros at the end.
      LOG.log(System.Logger.Level.DEBUG, "A journal keeps its length", e);
    }
  }

  /** Closes the file as it is. */
  void abandon() {
    try {
      channel.close();
    } catch (IOException e) {
      // The file is given up because it failed; that it fails again says nothing new.
      LOG.log(System.Logger.Level.DEBUG, "Closing a journal failed", e);
    }
  }

  /** Closes a file that holds nothing, and deletes it. */
  void discard() {
    abandon();
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "An empty journal could not be deleted", e);
    }
  }
}
