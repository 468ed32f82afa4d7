// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The real components that {@code rig/components.sh} fetched; skips tests where it could not. */
final class Rig {
  private static final Path FOLDER = Path.of("target", "rig").toAbsolutePath();

  private Rig() {}

  /** Returns the file of that name in the rig. */
  static Path file(String name) {
    try {
      Path why = FOLDER.resolve("UNAVAILABLE");
      boolean lacking = Files.exists(why);
      assumeTrue(!lacking, () -> "skipped: " + read(why).strip());
      try (Stream<Path> files =
          Files.find(
              FOLDER,
              9,
              (p, a) ->
                  p.endsWith(name) && !a.isDirectory() && !p.toString().contains("completion"))) {
        return files
            .findFirst()
            .orElseThrow(() -> new AssertionError("rig/components.sh did not fetch " + name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a program of the rig, returns its output, and fails with it unless it ends with 0. */
  static String run(Map<String, String> environment, String program, List<String> arguments) {
    try {
      ProcessBuilder builder = new ProcessBuilder(file(program).toString());
      builder.command().addAll(arguments);
      builder.environment().putAll(environment);
      builder.environment().put("LD_LIBRARY_PATH", libraries());
      Process process = builder.redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(program + " failed: " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Sets a variable of this process, as libraries in it see it. */
  static void setEnvironment(String name, String value) {
    Function setenv = NativeLibrary.getInstance("c").getFunction("setenv");
    if (setenv.invokeInt(new Object[] {name, value, 1}) != 0) {
      throw new AssertionError("setenv " + name);
    }
  }

  private static String libraries() {
    return file("libsoftokn3.so").getParent() + ":" + file("libsofthsm2.so").getParent();
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
