// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.packaging;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application with its own libraries runs with our jar first and last on the class path. */
@Tag("jar")
class HostApplicationTest {
  private final Path folder;

  HostApplicationTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeEach
  void makeAKey() throws Exception {
    List<String> command =
        List.of(Packaged.launcher().toString(), "kms", "create-key", "--alias-name", "alias/app");
    Launched made =
        Launched.run(folder, Map.of("STRONGROOM_HOME", folder.resolve("home").toString()), command);

    assertEquals(0, made.exitCode(), made.printed());
  }

  @Test
  void applicationRunsWithOurJarLast() throws Exception {
    List<Path> classPath = new ArrayList<>(libraries());
    classPath.add(application());
    classPath.add(Packaged.jar());
    Launched run = Launched.java(folder, List.of(), classPath, HostApplication.class.getName());

    assertGetsAlong(run);
    assertTrue(run.value("jna").endsWith("/jna-5.17.0.jar"), run.value("jna"));
    assertEquals("3.50.3", run.value("sqlite"));
  }

  /** What is bound to native code is then ours for both: one version, and it works. */
  @Test
  void applicationRunsWithOurJarFirst() throws Exception {
    List<Path> classPath = new ArrayList<>(List.of(Packaged.jar(), application()));
    classPath.addAll(libraries());
    Launched run = Launched.java(folder, List.of(), classPath, HostApplication.class.getName());

    assertGetsAlong(run);
  }

  private static void assertGetsAlong(Launched run) {
    assertEquals(0, run.exitCode(), run.printed());
    assertAll(
        () -> assertEquals("1", run.value("aliases")),
        () -> assertEquals("secret", run.value("decrypted")),
        () -> assertTrue(run.value("strongroom").endsWith("/strongroom.jar")),
        () -> assertEquals(run.value("drivers.before"), run.value("drivers.after")),
        () -> assertEquals(run.value("providers.before"), run.value("providers.after")),
        () -> assertEquals("1.81", run.value("bouncycastle")),
        () -> assertEquals("11", run.value("bouncycastle.eax")),
        () -> assertEquals("true", run.value("jna.works")),
        () -> assertEquals("org.postgresql.Driver 42.7", run.value("postgresql")));
  }

  private static List<Path> libraries() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target", "host-application"))) {
      return files.map(Path::toAbsolutePath).sorted().toList();
    }
  }

  private static Path application() {
    return Path.of("target", "test-classes").toAbsolutePath();
  }
}
