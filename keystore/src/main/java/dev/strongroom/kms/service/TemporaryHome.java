// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A home that goes with its KMS. */
final class TemporaryHome {

  private TemporaryHome() {}

  static Path create() {
    try {
      return Files.createTempDirectory("strongroom-temporary-", HomeFolder.ownerOnly());
    } catch (IOException e) {
      throw new KmsException.Configuration(
          "No folder can be made in "
              + System.getProperty("java.io.tmpdir")
              + ". Name another one with -Djava.io.tmpdir=…",
          e);
    }
  }

  static void delete(Path home) {
    try (Stream<Path> files = Files.walk(home)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new KmsException.Configuration(
          "The temporary folder " + home + " could not be deleted. Delete it by hand.", e);
    }
  }
}
