// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every transcript, each in a folder and a home of its own; several at a time, since they are the
 * longest of these tests.
 */
@Tag("jar")
@Execution(ExecutionMode.CONCURRENT)
class TranscriptTest {

  private final Path folder;

  TranscriptTest(@TempDir Path folder) {
    this.folder = folder;
  }

  static Stream<Path> transcripts() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(Path.of("src", "test", "resources", "cli"))) {
      files = all.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
    }
    return files.stream();
  }

  @ParameterizedTest
  @MethodSource("transcripts")
  void programPrintsWhatTheTranscriptSays(Path file) throws Exception {
    new Terminal(folder).run(file);
  }
}
