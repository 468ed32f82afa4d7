// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Where an access key may stand: the settings {@code access-key-id}, {@code secret-access-key} and
 * {@code session-token} (also as {@code file:PATH} or {@code env:NAME}), the environment, and the
 * credentials file in the AWS CLI's format.
 */
final class CredentialSources {
  private static final String SECTION = "[default]";
  private static final String ID_KEY = "aws_access_key_id";
  private static final String SECRET_KEY = "aws_secret_access_key";
  private static final String TOKEN_KEY = "aws_session_token";

  private CredentialSources() {}

  static Optional<Credentials> read(KmsConfig config) {
    String id = config.value(Setting.ACCESS_KEY_ID);
    if (!id.isEmpty()) {
      char[] secret = secret(config.value(Setting.SECRET_ACCESS_KEY));
      String token = String.valueOf(secret(config.value(Setting.SESSION_TOKEN)));
      return Optional.of(new Credentials(String.valueOf(secret(id)), secret, token));
    }
    String idInEnvironment = System.getenv("STRONGROOM_ACCESS_KEY_ID");
    String secretInEnvironment = System.getenv("STRONGROOM_SECRET_ACCESS_KEY");
    if (idInEnvironment != null && secretInEnvironment != null) {
      String token = System.getenv().getOrDefault("STRONGROOM_SESSION_TOKEN", "");
      return Optional.of(
          new Credentials(idInEnvironment, secretInEnvironment.toCharArray(), token));
    }
    Path file = config.credentialsFile();
    return Files.exists(file) ? Optional.of(fromFile(file)) : Optional.empty();
  }

  private static char[] secret(String setting) {
    if (setting.startsWith("file:")) {
      return contents(Path.of(setting.substring("file:".length())));
    }
    if (setting.startsWith("env:")) {
      String name = setting.substring("env:".length());
      String value = System.getenv(name);
      if (value == null) {
        throw new KmsException.Configuration(
            "The environment variable " + name + " is not set; the settings ask for it.", null);
      }
      return value.toCharArray();
    }
    return setting.toCharArray();
  }

  private static char[] contents(Path file) {
    requirePrivate(file);
    byte[] bytes = bytes(file);
    CharBuffer chars = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
    try {
      int end = chars.limit();
      while (end > 0 && Character.isWhitespace(chars.get(end - 1))) {
        end--;
      }
      char[] text = new char[end];
      chars.get(text);
      return text;
    } finally {
      Arrays.fill(bytes, (byte) 0);
      Arrays.fill(chars.array(), '\0');
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new KmsException.Configuration(
          file + " cannot be read. It should hold a secret and be readable by this user only.", e);
    }
  }

  private static void requirePrivate(Path file) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.stream().anyMatch(CredentialSources::isForOthers)) {
        throw new KmsException.Configuration(
            file
                + " holds a secret and is open to other users. Run 'chmod 600 "
                + file
                + "' and change the secret.",
            null);
      }
    } catch (UnsupportedOperationException e) {
      // A file system without POSIX modes: its own access lists have to do.
    } catch (IOException e) {
      throw new KmsException.Configuration(
          file + " cannot be read. It should hold a secret and be readable by this user only.", e);
    }
  }

  private static boolean isForOthers(PosixFilePermission permission) {
    return permission.name().startsWith("GROUP") || permission.name().startsWith("OTHERS");
  }

  static Credentials fromFile(Path file) {
    char[] text = contents(file);
    String id = null;
    char[] secret = null;
    String token = "";
    boolean inSection = false;
    for (int at = 0; at < text.length; ) {
      int end = at;
      while (end < text.length && text[end] != '\n') {
        end++;
      }
      char[] line = Arrays.copyOfRange(text, at, end);
      at = end + 1;
      if (line.length > 0 && line[0] == '[') {
        inSection = String.valueOf(line).strip().toLowerCase(Locale.ROOT).equals(SECTION);
      } else if (inSection && hasKey(line, ID_KEY)) {
        id = String.valueOf(value(line, ID_KEY));
      } else if (inSection && hasKey(line, SECRET_KEY)) {
        secret = value(line, SECRET_KEY);
      } else if (inSection && hasKey(line, TOKEN_KEY)) {
        token = String.valueOf(value(line, TOKEN_KEY));
      }
      Arrays.fill(line, '\0');
    }
    Arrays.fill(text, '\0');
    if (id == null || secret == null) {
      throw new KmsException.Configuration(
          file
              + " has no access key. It should hold a line [default], then '"
              + ID_KEY
              + " = …' and '"
              + SECRET_KEY
              + " = …'.",
          null);
    }
    return new Credentials(id, secret, token);
  }

  private static boolean hasKey(char[] line, String key) {
    return line.length > key.length() && String.valueOf(line, 0, key.length()).equals(key);
  }

  /** Returns what stands after {@code key =} in the line. */
  private static char[] value(char[] line, String key) {
    int at = key.length();
    while (at < line.length && (line[at] == ' ' || line[at] == '=')) {
      at++;
    }
    int end = line.length;
    while (end > at && Character.isWhitespace(line[end - 1])) {
      end--;
    }
    return Arrays.copyOfRange(line, at, end);
  }

  /** Returns the text of a credentials file, all ASCII. The caller zeroes it. */
  static byte[] format(String accessKeyId, char[] secret) {
    String head = SECTION + "\n" + ID_KEY + " = " + accessKeyId + "\n" + SECRET_KEY + " = ";
    byte[] text = Arrays.copyOf(head.getBytes(US_ASCII), head.length() + secret.length + 1);
    for (int i = 0; i < secret.length; i++) {
      text[head.length() + i] = (byte) secret[i];
    }
    text[text.length - 1] = '\n';
    return text;
  }
}
