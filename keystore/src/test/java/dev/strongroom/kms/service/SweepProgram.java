// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A process that opens a KMS at a later time, which sweeps; for tests that kill it meanwhile. */
final class SweepProgram {

  private SweepProgram() {}

  static Process start(Path home, Duration later) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            SweepProgram.class.getName(),
            home.toString(),
            later.toString());
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  public static void main(String[] arguments) {
    MovingTime time = new MovingTime();
    time.pass(Duration.parse(arguments[1]));
    System.out.println("opening");
    KmsAssembly.open(KmsConfig.inHome(Path.of(arguments[0])), time, () -> {}).close();
    System.out.println("swept");
  }
}
