// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** A register that several processes share: a file for each stream, a line for each thing said. */
final class FolderRegister implements StreamRegister {
  private final Path folder;

  FolderRegister(Path folder) {
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void opened(UUID stream, Instant time) {
    append(stream, time.toString());
  }

  @Override
  public void closed(UUID stream, Instant time, StreamEnd end) {
    append(stream, HexFormat.of().formatHex(end.toBytes()));
  }

  private void append(UUID stream, String line) {
    try {
      Files.writeString(
          folder.resolve(stream.toString()),
          line + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns how often an end of the stream was registered. */
  int ends(UUID stream) {
    return lines(stream).size() - 1;
  }

  @Override
  public Optional<RegisteredStream> find(UUID stream) {
    List<String> lines = lines(stream);
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    String last = lines.get(lines.size() - 1);
    Optional<StreamEnd> end =
        lines.size() == 1
            ? Optional.empty()
            : Optional.of(StreamEnd.fromBytes(HexFormat.of().parseHex(last)));
    return Optional.of(new RegisteredStream(stream, Instant.parse(lines.get(0)), end));
  }

  private List<String> lines(UUID stream) {
    Path file = folder.resolve(stream.toString());
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public List<RegisteredStream> all() {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> UUID.fromString(file.getFileName().toString()))
          .flatMap(stream -> find(stream).stream())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
