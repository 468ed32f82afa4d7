// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.export;

import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * How far an export got: its last digest, and how many records of each stream it has. That digest
 * has the hash of it, and is signed: whoever could change it could have records left out, whole
 * streams of them, which no range of a digest would show.
 *
 * @param lastDigest the path of the last digest; empty before the first export
 * @param hash SHA-256 of the file, in hex
 */
record Cursor(Optional<String> lastDigest, Map<UUID, Long> counts, String hash) {
  static final String OBJECT = "strongroom-export.json";
  private static final int MAX_CHARS = 1 << 30;

  /**
   * Reads the cursor of a folder; that of a new export if there is none.
   *
   * @throws IOException if it cannot be read, or is none
   */
  static Cursor in(ObjectFolder folder) throws IOException {
    Path file = folder.resolve(OBJECT);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return new Cursor(Optional.empty(), new TreeMap<>(), "");
    }
    String text = RegularFile.read(file, MAX_CHARS);
    try {
      Object json = Json.parse(text, MAX_CHARS);
      if (json instanceof Map<?, ?> map
          && map.get("lastDigest") instanceof String last
          && map.get("streams") instanceof Map<?, ?> streams) {
        Map<UUID, Long> counts = new TreeMap<>();
        streams.forEach(
            (stream, count) -> counts.put(UUID.fromString((String) stream), (Long) count));
        return new Cursor(
            Optional.of(last), counts, Hex.sha256(text.getBytes(StandardCharsets.UTF_8)));
      }
    } catch (JsonException | IllegalArgumentException | ClassCastException e) {
      throw new IOException(OBJECT + " is damaged", e);
    }
    throw new IOException(OBJECT + " is damaged");
  }

  /** Returns the file. */
  static byte[] toBytes(String lastDigest, Map<UUID, Long> counts) {
    Map<String, Object> streams = new LinkedHashMap<>();
    counts.forEach((stream, count) -> streams.put(stream.toString(), count));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("lastDigest", lastDigest);
    json.put("streams", streams);
    return Json.write(json).getBytes(StandardCharsets.UTF_8);
  }
}
