// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

/** A folder with a file for each stream: its newest checkpoint. */
record WitnessFolder(Path folder) implements Witness {

  private Path file(UUID stream) {
    return folder.resolve(stream + ".checkpoint");
  }

  @Override
  public void take(UUID stream, String note) throws IOException {
    Files.createDirectories(folder);
    Path fresh = folder.resolve(stream + ".checkpoint.new");
    Files.writeString(
        fresh,
        note,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        StandardOpenOption.SYNC);
    Files.move(fresh, file(stream), StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public Optional<String> taken(UUID stream) throws IOException {
    try {
      return Optional.of(Files.readString(file(stream)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
