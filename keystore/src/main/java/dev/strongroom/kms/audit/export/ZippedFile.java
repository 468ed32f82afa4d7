// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.export;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Reads a gzip file of one member without a name, as exports have them, and holds at its end that
 * nothing else is in the file: what the JDK passes over in silence, other readers take for records.
 */
final class ZippedFile extends GZIPInputStream {
  // RFC 1952: a header without optional fields; checksum and length.
  private static final int HEADER_BYTES = 10;
  private static final int TRAILER_BYTES = 8;

  private final long fileBytes;

  private ZippedFile(InputStream in, long fileBytes) throws IOException {
    super(in, 1 << 16);
    this.fileBytes = fileBytes;
  }

  /**
   * Opens a file.
   *
   * @throws IOException if it cannot be read, or does not begin as gzip does
   */
  static InputStream open(Path file) throws IOException {
    InputStream in = RegularFile.open(file);
    try {
      return new ZippedFile(in, Files.size(file));
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count = super.read(target, offset, length);
    if (count < 0 && HEADER_BYTES + inf.getBytesRead() + TRAILER_BYTES != fileBytes) {
      throw new IOException("more than the one gzip member that an export writes");
    }
    return count;
  }
}
