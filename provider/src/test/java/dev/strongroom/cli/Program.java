// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs the program inside the test and keeps what it printed. */
final class Program {
  final int exitCode;
  final String out;
  final String err;

  private Program(int exitCode, String out, String err) {
    this.exitCode = exitCode;
    this.out = out;
    this.err = err;
  }

  static Program run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode = Main.run(List.of(args), new ByteArrayInputStream(new byte[0]), out, err);
    return new Program(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
