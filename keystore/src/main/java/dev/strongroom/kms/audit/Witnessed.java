// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.audit.proof.SignedNote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The newest checkpoint of each stream, as a witness kept it: what the journals must still show.
 *
 * @param checkpoints the notes, by stream; empty ones could not be read
 */
public record Witnessed(Map<UUID, Optional<SignedNote>> checkpoints) {

  /** What somebody has who asked no witness. */
  public static final Witnessed NOTHING = new Witnessed(Map.of());

  private static final String SUFFIX = ".checkpoint";

  public Witnessed {
    checkpoints = Map.copyOf(checkpoints);
  }

  /**
   * Reads a folder with files {@code <stream>.checkpoint}; others are passed over.
   *
   * @throws IOException if it cannot be read
   */
  public static Witnessed in(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith(SUFFIX)).toList();
    }
    Map<UUID, Optional<SignedNote>> checkpoints = new TreeMap<>();
    for (Path file : files) {
      String name = file.getFileName().toString();
      Optional<UUID> stream = stream(name.substring(0, name.length() - SUFFIX.length()));
      if (stream.isPresent()) {
        checkpoints.put(stream.get(), SignedNote.parse(Files.readString(file)));
      }
    }
    return new Witnessed(checkpoints);
  }

  private static Optional<UUID> stream(String name) {
    try {
      return Optional.of(UUID.fromString(name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  Set<UUID> streams() {
    return checkpoints.keySet();
  }
}
