// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.packaging;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where Maven has put what is deployed. */
public final class Packaged {

  private Packaged() {}

  public static Path jar() {
    return built("strongroom.jar");
  }

  /** Returns the script that starts the command line. */
  public static Path launcher() {
    return built("strongroom");
  }

  private static Path built(String name) {
    Path file = Path.of("..", "provider", "target", name).toAbsolutePath().normalize();
    assertTrue(Files.exists(file), file + " is not there. Run 'mvn verify', which makes it.");
    return file;
  }
}
