// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.packaging.ClassArchive;
import dev.strongroom.conformance.packaging.Packaged;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every transcript, each in a folder and a home of its own, with the packaged program; several at a
 * time, since they are the longest of these tests.
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
    Expected expected = new Expected();
    expected.name("DIR", folder.toRealPath().toString());
    expected.name("DOCS", Path.of("..", "docs").toRealPath().toString());
    for (Transcript.Step step : Transcript.read(file).steps()) {
      String where = file.getFileName() + ":" + step.line() + ": " + step.command();
      Process shell = start(expected.fill(step.command()));
      String printed =
          new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).stripTrailing();

      assertTrue(shell.waitFor(1, TimeUnit.MINUTES), where);
      expected.check(where, step.output(), printed);
      assertEquals(step.exitCode(), shell.exitValue(), where);
    }
  }

  private Process start(String command) throws IOException {
    ProcessBuilder shell = new ProcessBuilder("bash", "-c", "set -o pipefail; " + command);
    Map<String, String> environment = shell.environment();
    environment.keySet().removeIf(name -> name.startsWith("STRONGROOM_"));
    environment.put("PATH", Packaged.launcher().getParent() + ":" + environment.get("PATH"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("STRONGROOM_HOME", folder.resolve("home").toString());
    environment.put("STRONGROOM_JAVA_OPTIONS", ClassArchive.option());
    return shell.directory(folder.toFile()).redirectErrorStream(true).start();
  }
}
