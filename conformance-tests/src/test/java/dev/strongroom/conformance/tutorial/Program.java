// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.tutorial;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.conformance.packaging.Packaged;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A tutorial that was compiled against {@code strongroom.jar} and the libraries it names. */
final class Program {
  private final String mainClass;
  private final String classPath;

  private Program(String mainClass, String classPath) {
    this.mainClass = mainClass;
    this.classPath = classPath;
  }

  /**
   * Compiles a tutorial.
   *
   * @param folder gets the source and the class files
   * @param libraries how the names of the jars begin that it needs besides
   */
  static Program compile(Tutorial tutorial, Path folder, String... libraries) throws IOException {
    Path source = folder.resolve(tutorial.mainClass() + ".java");
    Files.writeString(source, tutorial.source());
    List<String> jars = new ArrayList<>(List.of(Packaged.jar().toString()));
    Stream.of(libraries).map(Program::jar).forEach(jars::add);
    String libraryPath = String.join(File.pathSeparator, jars);
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                said,
                said,
                "--release",
                "17",
                "-proc:none",
                "-cp",
                libraryPath,
                source.toString());
    assertEquals(0, code, said.toString(StandardCharsets.UTF_8));
    return new Program(tutorial.mainClass(), libraryPath + File.pathSeparator + folder);
  }

  private static String jar(String prefix) {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(path -> Path.of(path).getFileName().toString().startsWith(prefix))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + prefix + " on the tests' class path"));
  }

  /** Returns the command that runs it. */
  List<String> command(List<String> options, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, mainClass));
    command.addAll(arguments);
    return command;
  }
}
