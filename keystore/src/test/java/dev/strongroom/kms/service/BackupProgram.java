// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes or restores a backup in a process of its own, which can be killed. */
final class BackupProgram {

  private BackupProgram() {}

  /**
   * Starts it; it writes a byte when it begins.
   *
   * @param backup what to restore; nothing to make one
   */
  static Process start(Path home, List<Path> backup) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                BackupProgram.class.getName(),
                home.toString()));
    backup.forEach(file -> command.add(file.toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  public static void main(String[] arguments) {
    KmsConfig config = KmsConfig.inHome(Path.of(arguments[0]));
    if (arguments.length > 1) {
      System.out.println("restoring");
      KmsRestore.restore(config, KmsRestore.Request.of(Path.of(arguments[1])));
      return;
    }
    try (EmbeddedKms kms = KmsAssembly.open(config, () -> {});
        Credentials credentials = config.credentials().orElseThrow()) {
      System.out.println("backing up");
      kms.backups().create(kms.authenticate(credentials.accessKeyId(), credentials.secret()));
    }
  }
}
