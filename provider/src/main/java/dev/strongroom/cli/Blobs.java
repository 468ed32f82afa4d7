// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;

/**
 * Reads what an option's text stands for, by AWS CLI's rules: {@code fileb://f} is the bytes of a
 * file, {@code file://f} its text, {@code -} (ours) and {@code fileb:///dev/stdin} the bytes of
 * standard input, and anything else is itself: base64 where bytes are wanted.
 */
final class Blobs {

  /** More than any operation takes; reading stops there, so that a wrong file does no harm. */
  static final int MAX_BYTES = 1 << 20;

  private static final String FILEB = "fileb://";
  private static final String FILE = "file://";

  private final InputStream standardInput;

  Blobs(InputStream standardInput) {
    this.standardInput = standardInput;
  }

  /** Returns the bytes that {@code text} stands for; they belong to the caller. */
  byte[] bytes(String option, String text) throws IOException {
    if (text.equals("-")) {
      return read(option, standardInput);
    }
    if (text.startsWith(FILEB)) {
      return file(option, text.substring(FILEB.length()));
    }
    if (text.startsWith(FILE)) {
      return base64(option, file(option, text.substring(FILE.length())));
    }
    return base64(option, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the text that {@code text} stands for. */
  String text(String option, String text) throws IOException {
    if (text.startsWith(FILE)) {
      return new String(file(option, text.substring(FILE.length())), StandardCharsets.UTF_8);
    }
    return text;
  }

  private byte[] file(String option, String name) throws IOException {
    if (name.equals("/dev/stdin") || name.equals("-")) {
      return read(option, standardInput);
    }
    try (InputStream in = Files.newInputStream(Path.of(name))) {
      return read(option, in);
    }
  }

  private static byte[] read(String option, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      Arrays.fill(bytes, (byte) 0);
      throw UsageError.of(
          option,
          "the input is longer than 1 MiB, and the operation takes 4096 bytes. For files use"
              + " 'strongroom encrypt-file'.");
    }
    return bytes;
  }

  /** Decodes base64, with line ends or without; zeroes {@code encoded}. */
  private static byte[] base64(String option, byte[] encoded) {
    int length = 0;
    for (byte letter : encoded) {
      if (letter != '\n' && letter != '\r' && letter != ' ') {
        encoded[length++] = letter;
      }
    }
    byte[] packed = Arrays.copyOf(encoded, length);
    try {
      return Base64.getDecoder().decode(packed);
    } catch (IllegalArgumentException e) {
      throw notBase64(option);
    } finally {
      Arrays.fill(encoded, (byte) 0);
      Arrays.fill(packed, (byte) 0);
    }
  }

  private static UsageError notBase64(String option) {
    return UsageError.of(
        option,
        "the value is not base64. Write fileb://FILE for the bytes of a file, - for standard input,"
            + " or base64.");
  }
}
