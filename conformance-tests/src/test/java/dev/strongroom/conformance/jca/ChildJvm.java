// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jca;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a command of this test's own JDK. */
final class ChildJvm {
  private static final int SECONDS = 120;

  private ChildJvm() {}

  /** Runs a main class with this JVM's class path, and returns what it printed. */
  static String run(Class<?> main, List<String> options, List<String> arguments)
      throws IOException, InterruptedException {
    return run(Map.of(), main, options, arguments);
  }

  /** Does the same with variables in the environment. */
  static String run(
      Map<String, String> environment, Class<?> main, List<String> options, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return tool(environment, "java", command);
  }

  /** Runs a tool of the JDK, expects it to succeed, and returns what it printed. */
  static String tool(String name, List<String> arguments) throws IOException, InterruptedException {
    return tool(Map.of(), name, arguments);
  }

  private static String tool(Map<String, String> environment, String name, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", name).toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), name + " goes on: " + output);
    assertEquals(0, process.exitValue(), output);
    return output;
  }
}
