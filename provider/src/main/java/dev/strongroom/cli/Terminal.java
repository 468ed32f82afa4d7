// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What a command may see of the world around it. Closing none of the streams is its business.
 *
 * @param out written to through a buffer; failures to write are failures of the command
 * @param err for people
 * @param errIsTerminal whether somebody watches {@code err}
 */
record Terminal(InputStream in, OutputStream out, PrintStream err, boolean errIsTerminal) {

  /** Returns the process's own streams. */
  static Terminal ofProcess() {
    // Not System.out: a PrintStream swallows the error of a full disk or a closed pipe.
    OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16);
    return new Terminal(
        System.in,
        out,
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        Tty.isStandardError());
  }
}
