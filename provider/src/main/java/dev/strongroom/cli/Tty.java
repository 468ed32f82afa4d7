// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells terminals from files and pipes. */
final class Tty {

  private Tty() {}

  /**
   * Returns whether standard error is a terminal. Java has no isatty: Linux names the device of the
   * descriptor; elsewhere the console is asked, which is about standard input and output.
   */
  static boolean isStandardError() {
    try {
      String device = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException noProc) {
      return hasConsole();
    }
  }

  /** Since JDK 22 there is a console without a terminal, too, and it can be asked. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean hasConsole() {
    Console console = System.console();
    if (console == null || Runtime.version().feature() < 22) {
      return console != null;
    }
    try {
      return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("Console.isTerminal is public since JDK 22", e);
    }
  }
}
