// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A session at a terminal: commands and exactly what they print.
 *
 * <ul>
 *   <li>{@code $ command} is run by bash; lines that begin with {@code >} and a space go on with
 *       it.
 *   <li>The lines after it are what it prints, on both streams.
 *   <li>{@code [1]} is the exit code, if it is not 0.
 *   <li>{@code # text} before a command explains; empty lines separate.
 *   <li><code>{{name:kind}}</code> stands for a value that differs from run to run, and names it;
 *       <code>{{name}}</code> is the same value again, in commands too. Kinds: see {@code
 *       Expected}.
 * </ul>
 */
record Transcript(List<Step> steps) {

  /**
   * One command.
   *
   * @param line where it stands, from 1
   */
  record Step(int line, String command, String output, int exitCode) {}

  Transcript {
    steps = List.copyOf(steps);
  }

  static Transcript read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < lines.size(); ) {
      if (!lines.get(i).startsWith("$ ")) {
        i++;
        continue;
      }
      int start = i;
      StringBuilder command = new StringBuilder(lines.get(i++).substring(2));
      while (i < lines.size() && lines.get(i).startsWith("> ")) {
        command.append('\n').append(lines.get(i++).substring(2));
      }
      List<String> output = new ArrayList<>();
      while (i < lines.size() && !lines.get(i).startsWith("$ ") && !lines.get(i).startsWith("# ")) {
        output.add(lines.get(i++));
      }
      steps.add(step(start + 1, command.toString(), output));
    }
    return new Transcript(steps);
  }

  private static Step step(int line, String command, List<String> printed) {
    List<String> output = new ArrayList<>(printed);
    while (!output.isEmpty() && output.get(output.size() - 1).isEmpty()) {
      output.remove(output.size() - 1);
    }
    int exitCode = 0;
    if (!output.isEmpty() && output.get(output.size() - 1).matches("\\[\\d+]")) {
      String last = output.remove(output.size() - 1);
      exitCode = Integer.parseInt(last.substring(1, last.length() - 1));
    }
    return new Step(line, command, String.join("\n", output), exitCode);
  }
}
