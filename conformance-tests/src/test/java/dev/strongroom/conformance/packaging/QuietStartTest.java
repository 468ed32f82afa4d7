// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.conformance.hsm.SoftHsmToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Started as the README says, nothing warns: what a program prints is all that is printed. */
@Tag("jar")
class QuietStartTest {
  private static final String PROGRAM =
      """
      import java.security.*;
      import javax.crypto.Cipher;

      public class Quiet {
        public static void main(String[] arguments) throws Exception {
          Security.addProvider(new dev.strongroom.jca.StrongroomProvider());
          KeyStore kms = KeyStore.getInstance("KMS");
          kms.load(null, null);
          Cipher cipher = Cipher.getInstance("Kms");
          cipher.init(Cipher.ENCRYPT_MODE, kms.getKey("app", null));
          System.out.println(cipher.doFinal(new byte[3]).length);
        }
      }
      """;

  private final Path folder;
  private final Path home;

  QuietStartTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.home = Files.createDirectory(folder.resolve("home"));
  }

  private String run(Map<String, String> environment, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    Map<String, String> all = new HashMap<>(environment);
    all.put("STRONGROOM_HOME", home.toString());
    Launched launched = Launched.run(folder, all, command);
    assertEquals(0, launched.exitCode(), launched.printed());
    return launched.printed();
  }

  private String commandLine(Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("-jar", Packaged.jar().toString()));
    command.addAll(List.of(arguments));
    return run(environment, command);
  }

  private void assertQuiet(Map<String, String> environment) throws Exception {
    assertEquals(
        "\"Enabled\"",
        commandLine(
            environment,
            "kms",
            "create-key",
            "--alias-name",
            "alias/app",
            "--query",
            "KeyMetadata.KeyState"));
    Path source = Files.writeString(folder.resolve("Quiet.java"), PROGRAM);
    List<String> program = new ArrayList<>();
    if (Runtime.version().feature() >= 24) {
      program.add("--enable-native-access=ALL-UNNAMED");
    }
    program.addAll(List.of("-cp", Packaged.jar().toString(), source.toString()));
    assertEquals("120", run(environment, program));
  }

  @Test
  void theEmbeddedKmsIsQuiet() throws Exception {
    assertQuiet(Map.of());
  }

  @Test
  void aKmsOnAnHsmIsQuiet() throws Exception {
    SoftHsmToken token = SoftHsmToken.in(Files.createDirectory(folder.resolve("token")));
    Files.writeString(home.resolve("strongroom.properties"), "hsm=" + token.setting() + "\n");
    Map<String, String> environment = Map.of("SOFTHSM2_CONF", token.settings().toString());
    commandLine(environment, "init");

    assertQuiet(environment);
  }
}
