// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.tutorial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.packaging.Launched;
import dev.strongroom.conformance.packaging.Packaged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every Java block of the README without a name compiles against {@code strongroom.jar} alone, and
 * runs.
 */
@Tag("jar")
class TutorialTest {

  /** What the README calls its keys, and what {@code kms create-key} makes them with. */
  private static final Map<String, List<String>> KEYS =
      Map.of(
          "alias/app", List.of(),
          "alias/mac", List.of("--key-spec", "HMAC_256", "--key-usage", "GENERATE_VERIFY_MAC"),
          "alias/rsa", List.of("--key-spec", "RSA_2048", "--key-usage", "ENCRYPT_DECRYPT"),
          "alias/sign", List.of("--key-spec", "ECC_NIST_P256", "--key-usage", "SIGN_VERIFY"));

  private final Path folder;

  TutorialTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** Those without a name; {@link ProgramsTest} has the others. */
  static List<Tutorial> tutorials() throws IOException {
    return Tutorial.of(readme()).stream()
        .filter(tutorial -> tutorial.name().startsWith("block "))
        .toList();
  }

  private static String readme() throws IOException {
    return Files.readString(Path.of("..", "README.md"));
  }

  @ParameterizedTest
  @MethodSource("tutorials")
  void tutorialCompilesAndRuns(Tutorial tutorial) throws Exception {
    for (String alias : tutorial.aliases()) {
      createKey(alias);
    }

    Launched run = compileAndRun(tutorial);

    assertEquals(0, run.exitCode(), run.printed());
    assertFalse(run.printed().contains("Exception"), run.printed());
  }

  @Test
  void everyJavaBlockIsMarkedAsATutorial() throws Exception {
    assertEquals(
        Tutorial.javaBlocks(readme()),
        Tutorial.of(readme()).size(),
        "write <!-- tutorial --> above each Java block, so that it is compiled and run");
  }

  @Test
  void programsRunAsTheyAre() throws Exception {
    Tutorial program =
        only(
            """
            <!-- tutorial: greeting -->
            ```java
            class Words {
              static String greeting() {
                return "good morning";
              }
            }

            public class Greeting {
              public static void main(String[] arguments) {
                System.out.println(Words.greeting());
              }
            }
            ```
            """);

    assertEquals("greeting", program.name());
    assertEquals("good morning", compileAndRun(program).printed());
  }

  @Test
  void codeThatDoesNotCompileIsAFailure() {
    Tutorial wrong = only("<!-- tutorial -->\n```java\nKeyStore kms = 7;\n```\n");

    AssertionError error = assertThrows(AssertionError.class, () -> compileAndRun(wrong));
    assertTrue(String.valueOf(error.getMessage()).contains("incompatible types"));
  }

  @Test
  void codeThatThrowsHasAnExitCode() throws Exception {
    Tutorial wrong = only("<!-- tutorial -->\n```java\nKeyStore.getInstance(\"KMS\");\n```\n");

    assertEquals(1, compileAndRun(wrong).exitCode());
  }

  private static Tutorial only(String page) {
    List<Tutorial> found = Tutorial.of(page);
    assertEquals(1, found.size());
    return found.get(0);
  }

  private void createKey(String alias) throws Exception {
    List<String> kind = KEYS.get(alias);
    assertTrue(kind != null, "The README names " + alias + ", which is not in the table here");
    List<String> command = new ArrayList<>();
    command.addAll(List.of(Packaged.launcher().toString(), "kms", "create-key"));
    command.addAll(List.of("--alias-name", alias));
    command.addAll(kind);
    String home = folder.resolve("home").toString();
    Launched made = Launched.run(folder, Map.of("STRONGROOM_HOME", home), command);
    assertEquals(0, made.exitCode(), made.printed());
  }

  private Launched compileAndRun(Tutorial tutorial) throws Exception {
    Program program = Program.compile(tutorial, folder);
    String home = folder.resolve("home").toString();
    return Launched.run(
        folder, Map.of("STRONGROOM_HOME", home), program.command(List.of(), List.of()));
  }
}
