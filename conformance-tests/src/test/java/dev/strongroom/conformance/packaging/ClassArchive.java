// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.packaging;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The archive of classes that the README recommends for the command line. Tests that start it
 * hundreds of times take a third less with it.
 */
public final class ClassArchive {
  private static final String USE = make();

  private ClassArchive() {}

  /** Returns the option of Java that uses it. */
  public static String option() {
    return USE;
  }

  private static String make() {
    try {
      // Each Java has its own, and says so in the middle of what is printed if it gets another.
      Path own = Path.of("target", "class-archive", Runtime.version().toString());
      Path folder = Files.createDirectories(own.toAbsolutePath());
      Path archive = folder.resolve("strongroom.jsa");
      Files.deleteIfExists(archive);
      Path home = Files.createTempDirectory(folder, "home");
      Launched made =
          Launched.run(
              folder,
              Map.of(
                  "JAVA_HOME", System.getProperty("java.home"),
                  "STRONGROOM_HOME", home.toString(),
                  "STRONGROOM_JAVA_OPTIONS", "-XX:ArchiveClassesAtExit=" + archive),
              List.of(Packaged.launcher().toString(), "kms", "create-key"));
      assertTrue(Files.exists(archive), made.printed());
      return "-XX:SharedArchiveFile=" + archive;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError("Nobody interrupts the tests", e);
    }
  }
}
