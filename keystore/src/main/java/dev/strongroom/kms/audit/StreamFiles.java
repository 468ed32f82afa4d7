// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which streams lie in a folder, and the files of each by their index. */
final class StreamFiles {
  /** The id of a stream in names of files, as a group of a pattern. */
  static final String ID = "([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})";

  private static final Pattern NAME = Pattern.compile(ID + "-([0-9]{6,9})\\.journal");

  private StreamFiles() {}

  /** Returns the streams of a folder; none if there is no folder. Other files are passed over. */
  static Map<UUID, SortedMap<Integer, Path>> in(Path folder) throws IOException {
    Map<UUID, SortedMap<Integer, Path>> streams = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return streams;
    }
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        if (name.matches()) {
          streams
              .computeIfAbsent(UUID.fromString(name.group(1)), stream -> new TreeMap<>())
              .put(Integer.valueOf(name.group(2)), path);
        }
      }
    }
    return streams;
  }
}
