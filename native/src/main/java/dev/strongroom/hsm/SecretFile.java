// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Set;

/** A secret in a file; never passes through a String. */
final class SecretFile implements SecretSource {
  private static final System.Logger LOG = System.getLogger(SecretFile.class.getName());
  private static final int MOST_BYTES = 4096;

  private final Path path;

  SecretFile(Path path) {
    this.path = path;
  }

  @Override
  public char[] read() {
    try {
      refuseReadersAround();
      return decode(content());
    } catch (CharacterCodingException e) {
      throw new HsmException.LoginFailed("The file " + path + " does not hold UTF-8 text.", e);
    } catch (IOException e) {
      throw new HsmException.LoginFailed(
          "Cannot read the PIN or passphrase from "
              + path
              + " ("
              + e
              + "). Correct pin-source in the setting hsm.",
          e);
    }
  }

  private void refuseReadersAround() throws IOException {
    if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
    if (mode.contains(PosixFilePermission.OTHERS_READ)
        || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new HsmException.LoginFailed(
          "Everybody can read or write "
              + path
              + ", which holds a PIN or passphrase. Run 'chmod"
              + " 600 "
              + path
              + "', and change the PIN if others may have seen it.",
          null);
    }
    if (mode.contains(PosixFilePermission.GROUP_READ)) {
      LOG.log(System.Logger.Level.WARNING, "The group of {0} can read the secret in it", path);
    }
  }

  private byte[] content() throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length == 0 || bytes.length > MOST_BYTES) {
        Arrays.fill(bytes, (byte) 0);
        throw new HsmException.LoginFailed(
            path + " is empty or longer than " + MOST_BYTES + " bytes; it should hold a PIN.",
            null);
      }
      return bytes;
    }
  }

  /** Takes ownership of {@code bytes} and zeroes them. */
  private static char[] decode(byte[] bytes) throws CharacterCodingException {
    CharBuffer chars = CharBuffer.allocate(bytes.length);
    try {
      var result = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), chars, true);
      if (result.isError()) {
        result.throwException();
      }
      int length = chars.position();
      if (length > 0 && chars.get(length - 1) == '\n') {
        length--;
      }
      if (length > 0 && chars.get(length - 1) == '\r') {
        length--;
      }
      return Arrays.copyOf(chars.array(), length);
    } finally {
      Arrays.fill(bytes, (byte) 0);
      Arrays.fill(chars.array(), '\0');
    }
  }

  @Override
  public String toString() {
    return "file:" + path;
  }
}
