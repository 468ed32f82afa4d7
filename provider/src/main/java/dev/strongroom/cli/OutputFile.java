// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/**
 * A file that is there completely or not at all: written under another name in the same folder,
 * forced to the disk, then renamed. Until {@link #commit} nothing is at the target, and {@link
 * #close} without it leaves nothing behind; nor does Ctrl-C. Not thread-safe.
 */
final class OutputFile implements AutoCloseable {
  private final Path target;
  private final Path temporary;
  private final boolean replace;
  private final FileChannel channel;
  private final OutputStream stream;
  private final Thread cleanUp;

  private OutputFile(Path target, Path temporary, boolean replace, FileChannel channel) {
    this.target = target;
    this.temporary = temporary;
    this.replace = replace;
    this.channel = channel;
    this.stream = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    this.cleanUp = new Thread(this::deleteTemporary, "strongroom-output-file");
  }

  /**
   * Opens a file for writing.
   *
   * @param isPrivate for what only this user may read: mode 0600, not what the umask allows
   * @throws FileAlreadyExistsException if there is one and {@code replace} is false
   * @throws NoSuchFileException if there is no folder for it, which is named
   */
  static OutputFile create(Path target, boolean replace, boolean isPrivate) throws IOException {
    Path real = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
    if (!replace && Files.exists(real)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    Path folder = real.getParent();
    if (folder != null && !Files.exists(folder)) {
      throw new NoSuchFileException(folder.toString());
    }
    byte[] random = new byte[8];
    new SecureRandom().nextBytes(random);
    String name = "." + real.getFileName() + "." + HexFormat.of().formatHex(random) + ".tmp";
    Path temporary = real.resolveSibling(name);
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    FileChannel channel = FileChannel.open(temporary, options, mode(real, isPrivate));
    OutputFile file = new OutputFile(real, temporary, replace, channel);
    Runtime.getRuntime().addShutdownHook(file.cleanUp);
    return file;
  }

  private static FileAttribute<?>[] mode(Path file, boolean isPrivate) {
    boolean hasModes = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    return isPrivate && hasModes
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  OutputStream stream() {
    return stream;
  }

  /** Puts the file in its place, on the disk too. */
  void commit() throws IOException {
    stream.flush();
    channel.force(true);
    channel.close();
    if (replace) {
      moveOver();
    } else {
      // A link, unlike a rename, fails where somebody else made the target meanwhile.
      linkOrMove();
    }
    forceFolder();
  }

  private void moveOver() throws IOException {
    try {
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void linkOrMove() throws IOException {
    try {
      Files.createLink(target, temporary);
      Files.delete(temporary);
    } catch (UnsupportedOperationException | java.nio.file.FileSystemException noLinks) {
      Files.move(temporary, target); // refuses an existing target, too
    }
  }

  /** Makes the new name durable; folders can be forced on POSIX systems only. */
  private void forceFolder() throws IOException {
    Path folder = target.getParent();
    if (folder != null && folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
        names.force(true);
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    deleteTemporary();
    try {
      Runtime.getRuntime().removeShutdownHook(cleanUp);
    } catch (IllegalStateException endingAlready) {
      // the hook has run or runs now: it does the same
    }
  }

  private void deleteTemporary() {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      System.getLogger(OutputFile.class.getName())
          .log(System.Logger.Level.WARNING, "Cannot delete " + temporary + "; delete it by hand");
    }
  }
}
