// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.UUID;

/** Which streams there should be, and the files that there are, as one look at each showed them. */
record Inventory(Map<UUID, RegisteredStream> registered, Copies copies) {

  /**
   * Looks at the register first: a stream's files are there before it is registered, and all of
   * them before its end is.
   */
  static Inventory of(StreamRegister register, TrailFolders folders, Copies.Judge judge)
      throws IOException {
    Map<UUID, RegisteredStream> registered = new HashMap<>();
    register.all().forEach(stream -> registered.put(stream.stream(), stream));
    return new Inventory(registered, Copies.in(folders, judge));
  }

  Map<UUID, SortedMap<Integer, Path>> files() {
    return copies.files();
  }

  List<UUID> streams() {
    TreeSet<UUID> streams = new TreeSet<>(registered.keySet());
    streams.addAll(files().keySet());
    return List.copyOf(streams);
  }

  Optional<RegisteredStream> find(UUID stream) {
    return Optional.ofNullable(registered.get(stream));
  }

  SortedMap<Integer, Path> filesOf(UUID stream) {
    return files().getOrDefault(stream, Collections.emptySortedMap());
  }
}
