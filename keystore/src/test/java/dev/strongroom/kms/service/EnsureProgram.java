// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A process that brings a key from one state into another and back, until it is killed. */
final class EnsureProgram {

  private EnsureProgram() {}

  /** Returns a description that differs in all that can be changed but the policy. */
  static String other(String json) {
    return json.replace("for the app", "another")
        .replace("blue", "red")
        .replace("180", "90")
        .replace("\"Enabled\": true", "\"Enabled\": false");
  }

  static Process start(Path home, String one, String other) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            EnsureProgram.class.getName(),
            home.toString(),
            one,
            other);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  public static void main(String[] arguments) {
    KmsConfig config = KmsConfig.inHome(Path.of(arguments[0]));
    EmbeddedKms kms = KmsAssembly.open(config, () -> {});
    try (Credentials credentials = config.credentials().orElseThrow()) {
      Caller root = kms.authenticate(credentials);
      System.out.println("open");
      while (true) {
        kms.ensureKey(root, KeyDescription.parse(arguments[2]));
        kms.ensureKey(root, KeyDescription.parse(arguments[1]));
      }
    }
  }
}
