// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm;

import java.nio.file.Path;

/**
 * Where a PIN or passphrase comes from. It is read as late as possible, anew each time, and the
 * reader zeroes the array afterwards.
 */
@FunctionalInterface
public interface SecretSource {

  /**
   * Returns the secret; the caller owns the array and zeroes it.
   *
   * @throws HsmException.LoginFailed if there is none or it must not be used; says why
   */
  char[] read();

  /**
   * Reads {@code file:PATH} ({@code file:///PATH} as well), {@code env:NAME} or {@code console:}.
   *
   * @throws IllegalArgumentException for every other form
   */
  static SecretSource parse(String text) {
    if (text.startsWith("file:") && text.length() > 5) {
      String path = text.substring(5);
      return file(Path.of(path.startsWith("///") ? path.substring(2) : path));
    }
    if (text.startsWith("env:") && text.length() > 4) {
      return environment(text.substring(4));
    }
    if (text.equals("console:")) {
      return console();
    }
    throw new IllegalArgumentException(
        "Not a source of a PIN or passphrase. Write \"file:PATH\", \"env:NAME\" or \"console:\".");
  }

  /**
   * The content of a file in UTF-8 (at most 4096 bytes), less one line end. A file that others can
   * read is refused, one that its group can read gives a warning in the log, where the file system
   * knows such modes.
   */
  static SecretSource file(Path path) {
    return new SecretFile(path);
  }

  /** An environment variable. The JVM keeps a copy of it for ever; a file is the better choice. */
  static SecretSource environment(String name) {
    return () -> {
      String value = System.getenv(name);
      if (value == null || value.isEmpty()) {
        throw new HsmException.LoginFailed(
            "The environment variable " + name + " is not set; it should hold the PIN.", null);
      }
      return value.toCharArray();
    };
  }

  /** Asks the person at the terminal. */
  @SuppressWarnings("SystemConsoleNull") // it is null without a terminal up to JDK 21
  static SecretSource console() {
    return () -> {
      var console = System.console();
      char[] typed =
          console == null ? null : console.readPassword("PIN or passphrase of the HSM: ");
      if (typed == null || typed.length == 0) {
        throw new HsmException.LoginFailed(
            "No PIN was typed, or there is no terminal. Use pin-source=file:PATH instead.", null);
      }
      return typed;
    };
  }
}
