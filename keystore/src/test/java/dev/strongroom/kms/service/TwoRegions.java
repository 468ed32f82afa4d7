// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Two regions, each a home of its own, whose settings name each other. */
final class TwoRegions implements AutoCloseable {
  static final String HERE = "local";
  static final String THERE = "eu-2";

  final KmsFixture here;
  final KmsFixture there;

  /**
   * Opens both.
   *
   * @param more settings of the first one
   */
  TwoRegions(Path folder, String... more) throws IOException {
    write(folder, more);
    here = KmsFixture.in(folder.resolve(HERE));
    there = KmsFixture.in(folder.resolve(THERE));
  }

  /** Writes the settings of both. */
  static void write(Path folder, String... more) throws IOException {
    Path first = Files.createDirectories(folder.resolve(HERE));
    Path second = Files.createDirectories(folder.resolve(THERE));
    Files.write(
        first.resolve("strongroom.properties"),
        List.of("region." + THERE + "=" + second, String.join("\n", more)));
    Files.write(
        second.resolve("strongroom.properties"),
        List.of(
            "region=" + THERE, "region." + HERE + "=" + first.resolve("strongroom.properties")));
  }

  @Override
  public void close() {
    here.close();
    there.close();
  }
}
