// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A process that rotates the domain key, or goes on with that; for tests that kill it. */
final class RotationProgram {

  private RotationProgram() {}

  static Process start(Path home) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            RotationProgram.class.getName(),
            home.toString());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  public static void main(String[] arguments) {
    KmsConfig config = KmsConfig.inHome(Path.of(arguments[0]));
    try (EmbeddedKms kms = KmsAssembly.open(config, () -> {});
        Credentials credentials = config.credentials().orElseThrow()) {
      Caller root = kms.authenticate(credentials.accessKeyId(), credentials.secret());
      boolean isLeft = kms.cloudHsm().describeDomainKey(root).rotation().isPresent();
      System.out.println("rotating");
      if (isLeft) {
        kms.cloudHsm().resumeDomainKeyRotation(root, (done, total) -> {});
      } else {
        kms.cloudHsm().rotateDomainKey(root, (done, total) -> {});
      }
      System.out.println("rotated");
    }
  }
}
