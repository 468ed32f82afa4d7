// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Reads IN, writes OUT, each a file or {@code -}. OUT appears only when all of it is written;
 * standard output and devices get what is written as it comes.
 */
final class FileTransform {
  static final Parameter IN = Parameter.operand("IN", "The file to read; - is standard input.");
  static final Parameter OUT = Parameter.operand("OUT", "The file to write; - is standard output.");
  static final Parameter FORCE =
      Parameter.flag("--force", "Replace OUT if it is there. Without this it is left as it is.");

  private static final String STANDARD = "-";

  /** Turns one stream into another. */
  @FunctionalInterface
  interface Work {
    void run(InputStream in, OutputStream out) throws IOException;
  }

  private final Call call;
  private final boolean isPrivate;

  /**
   * @param isPrivate whether OUT is for this user's eyes only: a plaintext
   */
  FileTransform(Call call, boolean isPrivate) {
    this.call = call;
    this.isPrivate = isPrivate;
  }

  void run(Work work) throws IOException {
    try (InputStream in = input()) {
      String out = call.arguments().get(OUT.name());
      if (out.equals(STANDARD)) {
        work.run(in, call.terminal().out());
      } else if (isDevice(Path.of(out))) {
        try (OutputStream device = Files.newOutputStream(Path.of(out))) {
          work.run(in, device);
        }
      } else {
        toFile(in, Path.of(out), work);
      }
    }
  }

  private void toFile(InputStream in, Path target, Work work) throws IOException {
    boolean replace = call.arguments().has(FORCE.name());
    if (Files.exists(target) && !replace) {
      throw new FileAlreadyExistsException(target.toString());
    }
    try (OutputFile file = OutputFile.create(target, replace, isPrivate)) {
      work.run(in, file.stream());
      file.commit();
    }
  }

  /** A pipe or /dev/null is written to, never replaced by a file. */
  private static boolean isDevice(Path path) {
    return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
  }

  private InputStream input() throws IOException {
    String name = call.arguments().get(IN.name());
    if (name.equals(STANDARD)) {
      return watched(new Unclosed(call.terminal().in()), OptionalLong.empty());
    }
    Path file = Path.of(name);
    OptionalLong length =
        Files.isRegularFile(file) ? OptionalLong.of(Files.size(file)) : OptionalLong.empty();
    return watched(Files.newInputStream(file), length);
  }

  private InputStream watched(InputStream in, OptionalLong length) {
    return call.terminal().errIsTerminal()
        ? Progress.of(in, call.terminal().err(), length, System::nanoTime)
        : in;
  }

  /** Standard input belongs to the process. */
  private static final class Unclosed extends FilterInputStream {
    Unclosed(InputStream in) {
      super(in);
    }

    @Override
    public void close() {}
  }
}
