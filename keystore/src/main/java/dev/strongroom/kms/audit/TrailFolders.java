// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the journals are: in one folder, or in two that hold the same files, for instance on two
 * disks.
 *
 * @param first that is written to and read from first
 * @param second the other one
 */
public record TrailFolders(Path first, Optional<Path> second) {

  /**
   * @throws IllegalArgumentException if the two are one folder, or one lies in the other, also by
   *     symbolic links
   */
  public TrailFolders {
    if (second.isPresent() && isOneInTheOther(first, second.get())) {
      throw new IllegalArgumentException(
          "The audit trail cannot be kept twice in "
              + first
              + " and "
              + second.get()
              + ": they are one folder, or one lies in the other. Name a second folder of its own,"
              + " on another disk.");
    }
  }

  /** Returns that journals are in this folder alone. */
  public static TrailFolders of(Path folder) {
    return new TrailFolders(folder, Optional.empty());
  }

  /** Returns the folders, the first first. */
  public List<Path> all() {
    return Stream.concat(Stream.of(first), second.stream()).toList();
  }

  private static boolean isOneInTheOther(Path one, Path other) {
    Path oneReal = real(one.toAbsolutePath().normalize());
    Path otherReal = real(other.toAbsolutePath().normalize());
    return oneReal.startsWith(otherReal)
        || otherReal.startsWith(oneReal)
        || isSame(oneReal, otherReal);
  }

  /** Follows links as far as there is something; the rest will be made there. */
  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      Path parent = path.getParent();
      Path name = path.getFileName();
      return parent == null || name == null ? path : real(parent).resolve(name);
    }
  }

  /** One folder may be mounted at two places. */
  private static boolean isSame(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      return false; // One of them is not there yet.
    }
  }

  @Override
  public String toString() {
    return first + second.map(other -> " and " + other).orElse("");
  }
}
