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
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The real components that {@code rig/components.sh} fetched; skips tests where it could not. */
public final class Rig {
  private static final Path FOLDER = Path.of("target", "rig").toAbsolutePath();

  private Rig() {}

  /** Returns the file of that name in the rig. */
  public static Path file(String name) {
    return find(file -> file.endsWith(name) && !file.toString().contains("completion"))
        .orElseGet(() -> skip(name));
  }

  /** Returns a program of the rig, or else of this machine. */
  public static Path program(String name) {
    return find(file -> file.endsWith(Path.of("bin", name)))
        .or(
            () ->
                Stream.of(System.getenv("PATH").split(":"))
                    .map(folder -> Path.of(folder, name))
                    .filter(Files::isExecutable)
                    .findFirst())
        .orElseGet(() -> skip(name));
  }

  private static Optional<Path> find(Predicate<Path> wanted) {
    try (Stream<Path> files =
        Files.find(FOLDER, 9, (file, a) -> !a.isDirectory() && wanted.test(file))) {
      return files.findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path skip(String name) {
    try (Stream<Path> files = Files.list(FOLDER)) {
      String why =
          files
              .filter(file -> String.valueOf(file.getFileName()).startsWith("UNAVAILABLE."))
              .map(Rig::read)
              .collect(Collectors.joining("; "));
      assumeTrue(why.isEmpty(), () -> "skipped, " + name + " is not there: " + why);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("rig/components.sh did not fetch " + name);
  }

  /** Runs a program of the rig, returns its output, and fails with it unless it ends with 0. */
  public static String run(
      Map<String, String> environment, String program, List<String> arguments) {
    Ended ended = end(environment, program, arguments);
    if (ended.exitCode() != 0) {
      throw new AssertionError(program + " failed: " + ended.printed());
    }
    return ended.printed();
  }

  /** How a program ended and all that it printed. */
  public record Ended(int exitCode, String printed) {}

  /** Runs a program of the rig. */
  public static Ended end(Map<String, String> environment, String program, List<String> arguments) {
    try {
      ProcessBuilder builder = new ProcessBuilder(program(program).toString());
      builder.command().addAll(arguments);
      builder.environment().putAll(environment);
      builder.environment().put("LD_LIBRARY_PATH", libraries());
      Process process = builder.redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), output);
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

  /** Returns the folders of libraries, which are named for the machine's architecture. */
  public static String libraries() {
    try (Stream<Path> files =
        Files.find(FOLDER, 9, (file, a) -> file.toString().matches(".*\\.so(\\.[0-9.]+)?"))) {
      return files
          .map(file -> String.valueOf(file.getParent()))
          .distinct()
          .sorted()
          .collect(Collectors.joining(":"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path path) {
    try {
      return Files.readString(path).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
