// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Who keeps copies of checkpoints, so that a journal whose end is cut off, or that is gone, is
 * found out: somewhere that whoever writes to the journals cannot write to.
 */
interface Witness {

  /** How long a program may take: the end of a process waits for its last checkpoint. */
  int MOST_SECONDS = 3;

  /** Nobody. */
  Witness NONE = (stream, note) -> {};

  /**
   * Takes a checkpoint.
   *
   * @throws IOException if it could not be kept
   */
  void take(UUID stream, String note) throws IOException;

  /**
   * Returns the newest checkpoint of a stream that it took; empty if it has none, or cannot be
   * asked.
   *
   * @throws IOException if it does not answer
   */
  default Optional<String> taken(UUID stream) throws IOException {
    return Optional.empty();
  }

  /**
   * A folder, perhaps of another machine: it gets a file {@code <stream>.checkpoint} with the
   * newest checkpoint of each stream. The newest covers all records before.
   */
  static Witness folder(Path folder) {
    return new WitnessFolder(folder);
  }

  /**
   * A program that is started for each checkpoint with the stream as its argument and the
   * checkpoint as its input, and ends with 0 within three seconds. It should keep all of them: it
   * cannot be asked whether a journal still shows the last one.
   */
  static Witness command(Path program) {
    return (stream, note) -> {
      Process process =
          new ProcessBuilder(program.toString(), stream.toString())
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        try (OutputStream input = process.getOutputStream()) {
          input.write(note.getBytes(StandardCharsets.UTF_8));
        }
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
          throw new IOException("The witness " + program + " did not end within 3 seconds");
        }
        if (process.exitValue() != 0) {
          throw new IOException("The witness " + program + " ended with " + process.exitValue());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("The witness " + program + " was not waited for", e);
      } finally {
        process.destroyForcibly();
      }
    };
  }
}
