// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules that only sources show: class files have catch clauses that the compiler wrote. */
class SourceRulesTest {

  private static final List<String> MODULES = List.of("native", "keystore", "provider");

  @Test
  void noSourceCatchesThrowable() throws IOException {
    assertNone(containing("catch\\s*\\((final\\s+)?(java\\.lang\\.)?(Exception|Throwable)\\s"));
  }

  @Test
  void everySourceNamesItsLicence() throws IOException {
    assertNone(text -> !text.startsWith("// SPDX-License-Identifier: Apache-2.0\n"));
  }

  @Test
  void nothingIsLeftToDo() throws IOException {
    assertNone(containing("\\b(TODO(?!\\(#)|FIXME|XXX|HACK)\\b"));
  }

  private static Predicate<String> containing(String regex) {
    return Pattern.compile(regex).asPredicate();
  }

  private static void assertNone(Predicate<String> isWrong) throws IOException {
    for (String module : MODULES) {
      Path root = Path.of("..", module, "src", "main", "java");
      try (Stream<Path> files = Files.walk(root)) {
        List<Path> wrong =
            files
                .filter(file -> file.toString().endsWith(".java"))
                .filter(file -> isWrong.test(read(file)))
                .toList();
        assertEquals(List.of(), wrong);
      }
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
