// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.conformance.hsm.SoftHsmToken;
import dev.strongroom.conformance.packaging.ClassArchive;
import dev.strongroom.conformance.packaging.Launched;
import dev.strongroom.conformance.packaging.Packaged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A home of a KMS and the command line on it, each command in a JVM of its own. */
final class Home {
  private final Path folder;
  // Made here, so that no test takes the making of it for a part of the run that it times.
  private final String archive = ClassArchive.option();
  private final Map<String, String> environment = new HashMap<>();

  /**
   * @param folder exists; the home in it does not yet
   */
  private Home(Path folder) {
    this.folder = folder;
    environment.put("STRONGROOM_HOME", path().toString());
  }

  /** A home with the embedded domain key, and settings that ask for {@code init}. */
  static Home embedded(Path folder) throws IOException {
    Home home = new Home(folder);
    home.settings("hsm=embedded:" + home.path().resolve("key.p12"));
    return home;
  }

  static Home on(SoftHsmToken token, Path folder) throws IOException {
    Home home = new Home(folder);
    home.settings("hsm=" + token.setting());
    home.environment.put("SOFTHSM2_CONF", token.settings().toString());
    return home;
  }

  Path path() {
    return folder.resolve("home");
  }

  Map<String, String> environment() {
    return environment;
  }

  /** Writes the settings anew. */
  void settings(String... lines) throws IOException {
    Files.createDirectories(path());
    Files.write(path().resolve("strongroom.properties"), List.of(lines));
  }

  List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", archive));
    // Of its own: what other JVMs clean up in a common one is no fault of ours.
    command.add("-Djava.io.tmpdir=" + folder);
    command.addAll(List.of("-jar", Packaged.jar().toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  Launched run(String... arguments) throws IOException, InterruptedException {
    return Launched.run(folder, environment, command(arguments));
  }

  /** Runs a command that has to succeed; returns what it printed. */
  String done(String... arguments) throws IOException, InterruptedException {
    Launched run = run(arguments);
    assertEquals(0, run.exitCode(), String.join(" ", arguments) + ": " + run.printed());
    return run.printed();
  }

  /** Runs a command that has to fail with code 1 and one line, which is returned. */
  String refused(String... arguments) throws IOException, InterruptedException {
    Launched run = run(arguments);
    assertEquals(1, run.exitCode(), run.printed());
    assertEquals(1, run.printed().lines().count(), run.printed());
    return run.printed();
  }

  /** Encrypts under a key and decrypts again, in two JVMs. */
  void assertUsable(String key) throws IOException, InterruptedException {
    String plaintext = "dGhlIHNhbWU=";
    String blob =
        done("kms", "encrypt", "--key-id", key, "--plaintext", plaintext, QUERY, "CiphertextBlob")
            .replace("\"", "");
    assertEquals(
        "\"" + plaintext + "\"",
        done("kms", "decrypt", "--ciphertext-blob", blob, QUERY, "Plaintext"));
  }

  private static final String QUERY = "--query";
}
