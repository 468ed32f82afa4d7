// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.export;

import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * How far an export got: its last digest, and how many records of each stream it has. Nobody signs
 * it; if it is changed, the ranges of the digests do not join, which {@link ExportCheck} finds.
 *
 * @param lastDigest the path of the last digest; empty before the first export
 */
record Cursor(Optional<String> lastDigest, Map<UUID, Long> counts) {
  private static final String OBJECT = "strongroom-export.json";
  private static final int MAX_CHARS = 1 << 30;

  /**
   * Reads the cursor of a folder; that of a new export if there is none.
   *
   * @throws IOException if it cannot be read, or is none
   */
  static Cursor in(ExportFolder folder) throws IOException {
    Path file = folder.objects().resolve(OBJECT);
    if (!Files.exists(file)) {
      return new Cursor(Optional.empty(), new TreeMap<>());
    }
    try {
      Object json = Json.parse(Files.readString(file), MAX_CHARS);
      if (json instanceof Map<?, ?> map
          && map.get("lastDigest") instanceof String last
          && map.get("streams") instanceof Map<?, ?> streams) {
        Map<UUID, Long> counts = new TreeMap<>();
        streams.forEach(
            (stream, count) -> counts.put(UUID.fromString((String) stream), (Long) count));
        return new Cursor(Optional.of(last), counts);
      }
    } catch (JsonException | IllegalArgumentException | ClassCastException e) {
      throw new IOException(OBJECT + " is damaged", e);
    }
    throw new IOException(OBJECT + " is damaged");
  }

  /** Puts a cursor into an export. */
  static void stage(ExportFolder folder, String lastDigest, Map<UUID, Long> counts)
      throws IOException {
    Map<String, Object> streams = new LinkedHashMap<>();
    counts.forEach((stream, count) -> streams.put(stream.toString(), count));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("lastDigest", lastDigest);
    json.put("streams", streams);
    folder.stage(Json.write(json).getBytes(StandardCharsets.UTF_8), OBJECT);
  }
}
