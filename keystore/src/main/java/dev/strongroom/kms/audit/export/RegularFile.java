// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.export;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Opens files of an export, which somebody else may have written: a link would lead elsewhere, a
 * pipe would be waited for, and a device may have no end.
 */
final class RegularFile {
  private RegularFile() {}

  /**
   * @throws IOException if it is no regular file, or cannot be read
   */
  static InputStream open(Path file) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      throw new IOException("a link, or no file at all");
    }
    return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Reads a text of a limited length.
   *
   * @throws IOException if it is longer
   */
  static String read(Path file, int maxBytes) throws IOException {
    try (InputStream in = open(file)) {
      return new String(read(in, maxBytes), StandardCharsets.UTF_8);
    }
  }

  /**
   * Reads to the end.
   *
   * @throws IOException if that is more than a limit
   */
  static byte[] read(InputStream in, int maxBytes) throws IOException {
    byte[] bytes = in.readNBytes(maxBytes);
    if (in.read() >= 0) {
      throw new IOException("longer than " + maxBytes + " bytes");
    }
    return bytes;
  }
}
