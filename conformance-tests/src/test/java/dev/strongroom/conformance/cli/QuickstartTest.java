// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.conformance.packaging.Launched;
import dev.strongroom.conformance.packaging.Packaged;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart as a newcomer runs it, with SoftHSM2 on the machine and without. */
@Tag("jar")
class QuickstartTest {
  private static final String UTIL = "softhsm2-util";

  private final Path folder;

  QuickstartTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void wholeChainRunsWithoutAnHsm() throws Exception {
    Launched run = quickstart(pathWithoutSoftHsm());

    assertTold(run);
    assertTrue(run.printed().contains("No SoftHSM2 is installed"), run.printed());
  }

  @Test
  void wholeChainRunsInSoftHsm() throws Exception {
    Path rig = Path.of("target", "rig", "usr", "bin").toAbsolutePath();
    assumeTrue(Files.exists(rig.resolve(UTIL)), "the rig has no SoftHSM2");
    Launched run = quickstart(rig + ":" + pathWithoutSoftHsm());

    assertTold(run);
    assertTrue(run.printed().contains("It was made inside the HSM"), run.printed());
    assertTrue(Files.exists(folder.resolve("strongroom-quickstart/tokens")));
  }

  @Test
  void secondRunTakesAnotherFolder() throws Exception {
    Files.createDirectory(folder.resolve("strongroom-quickstart"));
    Launched run = quickstart(pathWithoutSoftHsm());

    assertTold(run);
    assertTrue(Files.exists(folder.resolve("strongroom-quickstart-2/store.db")));
  }

  @Test
  void folderThatIsThereIsLeftAlone() throws Exception {
    Path mine = Files.createDirectory(folder.resolve("mine"));
    Launched run = quickstart(pathWithoutSoftHsm(), "--folder", mine.toString());

    assertEquals(1, run.exitCode());
    assertEquals(0, mine.toFile().list().length);
  }

  private static void assertTold(Launched run) {
    assertEquals(0, run.exitCode(), run.printed());
    for (String fact :
        List.of(
            "=> provider Strongroom at place",
            "=> aliases [quickstart, quickstart-signing]",
            "=> 32 bytes in clear; encrypted, 149",
            "letter.back is the same again",
            "(InvalidCiphertextException) in decrypt-file",
            "valid: true; with one bit of the message changed: false",
            "=> key is null",
            "=> AccessDeniedException: ",
            "guest  Decrypt            refused: AccessDeniedException",
            "root   GenerateDataKey    allowed",
            "alias strongroom='java -jar ",
            "export STRONGROOM_HOME=")) {
      assertTrue(run.printed().contains(fact), fact + " in: " + run.printed());
    }
    assertFalse(run.printed().contains("Exception in thread"), run.printed());
  }

  private Launched quickstart(String path, String... options) throws Exception {
    List<String> command = new java.util.ArrayList<>();
    command.addAll(List.of(Packaged.launcher().toString(), "quickstart"));
    command.addAll(Arrays.asList(options));
    Map<String, String> environment =
        Map.of("PATH", path, "JAVA_HOME", System.getProperty("java.home"));
    return Launched.run(folder, environment, command);
  }

  private static String pathWithoutSoftHsm() {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .filter(entry -> !Files.exists(Path.of(entry, UTIL)))
        .collect(Collectors.joining(":"));
  }
}
