// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that do not work, made by mounting in a namespace of the child process's own. */
class FaultsTest {
  private Path folder;

  @BeforeAll
  static void requireNamespaces() throws Exception {
    boolean allowed;
    try {
      Process probe =
          new ProcessBuilder("unshare", "-Urm", "mount", "-t", "tmpfs", "t", "/mnt").start();
      allowed = probe.waitFor() == 0;
    } catch (IOException e) {
      allowed = false;
    }
    assumeTrue(
        allowed, "This system does not let ordinary users mount in a namespace (unshare -Urm)");
  }

  @BeforeEach
  void name(@TempDir Path temporary) throws IOException {
    folder = Files.createDirectory(temporary.resolve("mounted"));
  }

  /** Returns a shell command line that mounts at the folder and then runs what follows it. */
  private List<String> mounted(String commands) {
    return List.of(
        "unshare",
        "-Urm",
        "sh",
        "-c",
        commands.replace("DIR", folder.toString()) + " && exec \"$@\"",
        "sh");
  }

  @Test
  void fullDiskLosesNothingThatWasAcknowledged() throws Exception {
    String url = Samples.url(folder.resolve("store.db"));

    try (ChildProcess child =
        ChildProcess.start(mounted("mount -t tmpfs -o size=1m t DIR"), List.of(), "fill", url)) {
      List<String> lines = child.lines();

      assertEquals(2, lines.size(), lines.toString());
      assertTrue(lines.get(0).contains("full"), lines.toString());
      List<String> counts = List.of(lines.get(1).split(" "));
      assertEquals(counts.get(0), counts.get(1));
      assertTrue(Integer.parseInt(counts.get(0)) > 5, lines.toString());
    }
  }

  @Test
  void newStoreInAReadOnlyFolderIsRefused() throws Exception {
    String answer = open("mount -t tmpfs -o ro t DIR", List.of());

    assertTrue(answer.startsWith("StoreUnavailable: "), answer);
    assertTrue(answer.contains(folder.toString()), answer);
  }

  @Test
  void existingStoreInAReadOnlyFolderIsRefused() throws Exception {
    Samples.open(Samples.url(folder.resolve("store.db"))).close();

    String answer = open("mount --bind DIR DIR && mount -o remount,bind,ro DIR DIR", List.of());

    assertTrue(answer.startsWith("StoreUnavailable: "), answer);
    assertTrue(answer.contains("right to write"), answer);
  }

  @Test
  void temporaryFolderThatIsNoexecIsNamedWithTheProperty() throws Exception {
    assertNamesTheProperty(
        open("mount -t tmpfs -o noexec t DIR", List.of("-Djava.io.tmpdir=" + folder)));
  }

  @Test
  void temporaryFolderThatIsReadOnlyIsNamedWithTheProperty() throws Exception {
    assertNamesTheProperty(
        open("mount -t tmpfs -o ro t DIR", List.of("-Dorg.sqlite.tmpdir=" + folder)));
  }

  private void assertNamesTheProperty(String answer) {
    assertTrue(answer.startsWith("Configuration: "), answer);
    assertTrue(answer.contains(folder.toString()), answer);
    assertTrue(answer.contains("-Dorg.sqlite.tmpdir="), answer);
  }

  private String open(String mount, List<String> options) throws Exception {
    Path parent = options.isEmpty() ? folder : folder.resolveSibling(".");
    String url = Samples.url(parent.resolve("store.db"));
    try (ChildProcess child = ChildProcess.start(mounted(mount), options, "open", url)) {
      return String.join("\n", child.lines());
    }
  }
}
