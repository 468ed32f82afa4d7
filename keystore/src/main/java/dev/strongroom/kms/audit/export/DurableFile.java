// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.export;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** A new file that is on the disk before its name counts. Not thread-safe. */
final class DurableFile implements AutoCloseable {
  private final FileChannel channel;
  private final OutputStream stream;

  private DurableFile(FileChannel channel) {
    this.channel = channel;
    // Whoever compresses closes what it writes to; the channel must outlive that.
    this.stream =
        new FilterOutputStream(
            new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
          }

          @Override
          public void close() throws IOException {
            flush();
          }
        };
  }

  static DurableFile create(Path path, Readers readers) throws IOException {
    return new DurableFile(
        FileChannel.open(
            path,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            readers.ofFile()));
  }

  /** Writes a whole file. */
  static void write(Path path, byte[] bytes, Readers readers) throws IOException {
    try (DurableFile file = create(path, readers)) {
      file.stream.write(bytes);
      file.force();
    }
  }

  /** Puts names that were made in a folder onto the disk; a POSIX matter. */
  static void forceFolder(Path folder) throws IOException {
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
        names.force(true);
      }
    }
  }

  OutputStream stream() {
    return stream;
  }

  void force() throws IOException {
    stream.flush();
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
