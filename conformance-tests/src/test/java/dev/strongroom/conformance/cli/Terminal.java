// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.packaging.ClassArchive;
import dev.strongroom.conformance.packaging.Packaged;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs transcripts in a folder and a home of its own, with the packaged program on the path. */
final class Terminal {
  private final Path folder;
  private final Expected expected = new Expected();
  private final Map<String, String> variables = new HashMap<>();
  private String programs = String.valueOf(Packaged.launcher().getParent());

  Terminal(Path folder) throws IOException {
    this.folder = folder;
    expected.name("DIR", folder.toRealPath().toString());
    expected.name("DOCS", Path.of("..", "docs").toRealPath().toString());
  }

  /** Gives a placeholder its value. */
  void name(String name, String value) {
    expected.name(name, value);
  }

  /** Sets a variable of the commands. */
  void set(String name, String value) {
    variables.put(name, value);
  }

  /** Has programs of a folder found before those of the machine. */
  void addPrograms(Path more) {
    programs = programs + ":" + more;
  }

  void run(Path transcript) throws IOException, InterruptedException {
    for (Transcript.Step step : Transcript.read(transcript).steps()) {
      String where = transcript.getFileName() + ":" + step.line() + ": " + step.command();
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
    environment.put("PATH", programs + ":" + environment.get("PATH"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("STRONGROOM_HOME", folder.resolve("home").toString());
    environment.put("STRONGROOM_JAVA_OPTIONS", ClassArchive.option());
    environment.putAll(variables);
    return shell.directory(folder.toFile()).redirectErrorStream(true).start();
  }
}
