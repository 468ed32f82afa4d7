// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/**
 * The file that stands for a KeyStore of type {@code KMS} where software insists on a file.
 *
 * <p>UTF-8 text of at most 64 KiB in the syntax of {@link Properties}, with this first line:
 *
 * <pre>
 * #strongroom-keystore 1
 * config=/etc/strongroom/strongroom.properties
 * credentials=/etc/strongroom/web-credentials
 * aliases=web-*
 * </pre>
 *
 * @param config the settings of the KMS; empty for those of the provider
 * @param credentials a file with an access key, in the AWS CLI's format; empty for the settings'
 *     one
 * @param aliases which entries are shown; empty for all
 */
public record KeyStoreDescriptor(
    Optional<Path> config, Optional<Path> credentials, Optional<AliasFilter> aliases) {

  private static final byte[] FIRST_LINE =
      "#strongroom-keystore 1".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_BYTES = 64 * 1024;
  private static final Set<String> KNOWN = Set.of("config", "credentials", "aliases");

  /** Returns whether {@code in} begins as a descriptor does; reads no more than the first line. */
  static boolean claims(InputStream in) throws IOException {
    byte[] start = in.readNBytes(FIRST_LINE.length + 1);
    return start.length >= FIRST_LINE.length
        && ByteBuffer.wrap(start, 0, FIRST_LINE.length).equals(ByteBuffer.wrap(FIRST_LINE))
        && (start.length == FIRST_LINE.length
            || start[FIRST_LINE.length] == '\n'
            || start[FIRST_LINE.length] == '\r');
  }

  /**
   * Reads a descriptor; the stream is left open.
   *
   * @throws IOException if it is not one; the message says which line to change
   */
  static KeyStoreDescriptor read(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES || !claims(new ByteArrayInputStream(bytes))) {
      throw new IOException(
          "The file is not a KeyStore of type KMS. Its first line must be \"#strongroom-keystore"
              + " 1\", then come config, credentials and aliases, each as name=value.");
    }
    Properties lines = parse(bytes);
    Set<String> unknown = new TreeSet<>(lines.stringPropertyNames());
    unknown.removeAll(KNOWN);
    if (!unknown.isEmpty()) {
      throw new IOException(
          "The KeyStore descriptor has unknown names: "
              + String.join(", ", unknown)
              + ". It may have config, credentials and aliases.");
    }
    return new KeyStoreDescriptor(
        path(lines, "config"),
        path(lines, "credentials"),
        Optional.ofNullable(lines.getProperty("aliases")).map(AliasFilter::new));
  }

  private static Properties parse(byte[] bytes) throws IOException {
    Properties lines = new Properties();
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      lines.load(new StringReader(text));
      return lines;
    } catch (CharacterCodingException | IllegalArgumentException e) {
      throw new IOException("The KeyStore descriptor is not UTF-8 text in properties syntax.", e);
    }
  }

  private static Optional<Path> path(Properties lines, String name) throws IOException {
    String value = lines.getProperty(name);
    if (value == null) {
      return Optional.empty();
    }
    try {
      Path path = Path.of(value);
      if (path.isAbsolute()) {
        return Optional.of(path);
      }
    } catch (InvalidPathException e) {
      throw new IOException("The KeyStore descriptor's " + name + " is not a path: " + value, e);
    }
    throw new IOException(
        "The KeyStore descriptor's "
            + name
            + " is relative: "
            + value
            + ". Write an absolute path; a KeyStore does not know where its file lies.");
  }
}
