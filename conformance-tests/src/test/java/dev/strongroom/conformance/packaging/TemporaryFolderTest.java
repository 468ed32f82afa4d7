// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.packaging;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteJDBCLoader;

/** Native libraries are unpacked to a temporary folder; where that cannot be, the error says so. */
@Tag("jar")
class TemporaryFolderTest {
  private static final List<String> NAMESPACE = List.of("unshare", "--mount", "--map-root-user");

  private final Path folder;

  TemporaryFolderTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void noexecFolderIsNamedWithItsProperty() throws Exception {
    assertNamed(inMount("mount -t tmpfs -o noexec,mode=1777 none " + temporary()));
  }

  @Test
  void readOnlyFolderIsNamedWithItsProperty() throws Exception {
    assertNamed(inMount("mount -t tmpfs -o ro none " + temporary()));
  }

  @Test
  void fullFolderIsNamedWithItsProperty() throws Exception {
    assertNamed(
        inMount(
            "mount -t tmpfs -o size=4k,mode=1777 none %s; head -c 4096 /dev/zero > %s/full"
                .formatted(temporary(), temporary())));
  }

  @Test
  void anotherFolderByThePropertyIsUsed() throws Exception {
    Path libraries = Files.createDirectory(folder.resolve("libraries"));
    Launched run =
        inMount(
            "mount -t tmpfs -o noexec,mode=1777 none " + temporary(),
            "-Dorg.sqlite.tmpdir=" + libraries);

    assertEquals(0, run.exitCode(), run.printed());
  }

  @Test
  void whatAnotherProcessLeftThereIsNotTold() throws Exception {
    // SQLite's driver takes it for a library of its own that it has to remove, and cannot.
    String left = "sqlite-" + SQLiteJDBCLoader.getVersion() + "-left-libsqlitejdbc.so";
    Files.createDirectories(temporary().resolve(left).resolve("full"));

    Launched run = run(List.of("bash", "-ec", listKeys()));

    assertEquals(0, run.exitCode(), run.printed());
    assertTrue(run.printed().startsWith("{"), run.printed());
  }

  private static void assertNamed(Launched run) {
    assertAll(
        () -> assertEquals(1, run.exitCode(), run.printed()),
        () -> assertEquals(1, run.printed().lines().count(), run.printed()),
        () -> assertTrue(run.printed().contains("/temporary"), run.printed()),
        () -> assertTrue(run.printed().contains("-Dorg.sqlite.tmpdir="), run.printed()));
  }

  private Path temporary() throws IOException {
    Path temporary = folder.resolve("temporary");
    return Files.exists(temporary) ? temporary : Files.createDirectory(temporary);
  }

  /** Runs list-keys with the mount in a namespace of its own, which ends with the process. */
  private Launched inMount(String mount, String... options) throws Exception {
    Launched possible = shell("true");
    assumeTrue(possible.exitCode() == 0, "no mount namespaces here: " + possible.printed());
    return shell(mount + "; " + listKeys(options));
  }

  private String listKeys(String... options) throws IOException {
    return "%s/bin/java -Djava.io.tmpdir=%s %s -jar %s kms list-keys"
        .formatted(
            System.getProperty("java.home"),
            temporary(),
            String.join(" ", options),
            Packaged.jar());
  }

  private Launched shell(String script) throws Exception {
    List<String> command = new ArrayList<>(NAMESPACE);
    command.addAll(List.of("bash", "-ec", script));
    return run(command);
  }

  private Launched run(List<String> command) throws Exception {
    return Launched.run(
        folder, Map.of("STRONGROOM_HOME", folder.resolve("home").toString()), command);
  }
}
