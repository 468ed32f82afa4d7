// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.export;

import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A digest file: names the log files of one export and the digest before it, as CloudTrail's do
 * ("CloudTrail digest file structure"), with {@code SHA256withECDSA} instead of {@code
 * SHA256withRSA}. {@code strongroomStreams} is ours: which records of which stream are in the log
 * files, so that none can be left out between two exports. So is {@code strongroomCursorHash}.
 *
 * @param bucket the name of the folder; in the signature as it was when the digest was made
 * @param object its own path in the folder
 * @param fingerprint SHA-256 of the public key's SubjectPublicKeyInfo, in hex
 * @param previous empty in the first digest
 * @param cursorHash SHA-256 of the {@link Cursor} after this export, in hex
 */
record Digest(
    String account,
    Instant start,
    Instant end,
    String bucket,
    String object,
    String fingerprint,
    Optional<Instant> newest,
    Optional<Instant> oldest,
    Optional<Previous> previous,
    List<LogFile> logFiles,
    List<Range> ranges,
    String cursorHash) {

  static final String SIGNATURE_ALGORITHM = "SHA256withECDSA";
  static final String HASH_ALGORITHM = "SHA-256";

  private static final int MAX_CHARS = 64 << 20;

  Digest {
    logFiles = List.copyOf(logFiles);
    ranges = List.copyOf(ranges);
  }

  /** What a digest says of the one before it; hash and signature in hex. */
  record Previous(String bucket, String object, String hash, String signature) {}

  /**
   * A log file: SHA-256 of its content before it was compressed, in hex, and its records' times.
   */
  record LogFile(String object, String hash, Instant newest, Instant oldest) {}

  /** Records of a stream: from the first, inclusive, to the last, exclusive. */
  record Range(UUID stream, long from, long to) {}

  /** Returns what a public key is recognised by. */
  static String fingerprint(byte[] subjectPublicKeyInfo) {
    return Hex.sha256(subjectPublicKeyInfo);
  }

  /** Returns the file before compression. */
  byte[] toBytes() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("awsAccountId", account);
    json.put("digestStartTime", start.toString());
    json.put("digestEndTime", end.toString());
    json.put("digestS3Bucket", bucket);
    json.put("digestS3Object", object);
    json.put("digestPublicKeyFingerprint", fingerprint);
    json.put("digestSignatureAlgorithm", SIGNATURE_ALGORITHM);
    json.put("newestEventTime", newest.map(Instant::toString).orElse(null));
    json.put("oldestEventTime", oldest.map(Instant::toString).orElse(null));
    json.put("previousDigestS3Bucket", previous.map(Previous::bucket).orElse(null));
    json.put("previousDigestS3Object", previous.map(Previous::object).orElse(null));
    json.put("previousDigestHashValue", previous.map(Previous::hash).orElse(null));
    json.put("previousDigestHashAlgorithm", previous.map(p -> HASH_ALGORITHM).orElse(null));
    json.put("previousDigestSignature", previous.map(Previous::signature).orElse(null));
    json.put("logFiles", logFiles.stream().map(this::toJson).toList());
    json.put("strongroomStreams", ranges.stream().map(Digest::toJson).toList());
    json.put("strongroomCursorHash", cursorHash);
    return Json.write(json).getBytes(StandardCharsets.UTF_8);
  }

  private Map<String, Object> toJson(LogFile file) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("s3Bucket", bucket);
    json.put("s3Object", file.object());
    json.put("hashValue", file.hash());
    json.put("hashAlgorithm", HASH_ALGORITHM);
    json.put("newestEventTime", file.newest().toString());
    json.put("oldestEventTime", file.oldest().toString());
    return json;
  }

  private static Map<String, Object> toJson(Range range) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("stream", range.stream().toString());
    json.put("from", range.from());
    json.put("to", range.to());
    return json;
  }

  /**
   * Returns what is signed ("validate CloudTrail log file integrity with custom implementations"):
   * four lines, the last of which is {@code null} in the first digest.
   *
   * @param hash SHA-256 of {@link #toBytes()} in hex
   */
  byte[] signedText(String hash) {
    String text =
        String.join(
            "\n",
            end.toString(),
            bucket + "/" + object,
            hash,
            previous.map(Previous::signature).orElse("null"));
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Reads what {@link #toBytes()} returned; empty if it is no digest file. */
  static Optional<Digest> parse(byte[] bytes) {
    try {
      Object json = Json.parse(new String(bytes, StandardCharsets.UTF_8), MAX_CHARS);
      return json instanceof Map<?, ?> map ? Optional.of(of(map)) : Optional.empty();
    } catch (JsonException | IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Digest of(Map<?, ?> json) {
    Optional<Previous> previous =
        json.get("previousDigestS3Object") == null
            ? Optional.empty()
            : Optional.of(
                new Previous(
                    text(json, "previousDigestS3Bucket"),
                    text(json, "previousDigestS3Object"),
                    text(json, "previousDigestHashValue"),
                    text(json, "previousDigestSignature")));
    List<LogFile> logFiles = new ArrayList<>();
    for (Map<?, ?> file : maps(json, "logFiles")) {
      logFiles.add(
          new LogFile(
              text(file, "s3Object"),
              text(file, "hashValue"),
              time(file, "newestEventTime"),
              time(file, "oldestEventTime")));
    }
    List<Range> ranges = new ArrayList<>();
    for (Map<?, ?> range : maps(json, "strongroomStreams")) {
      ranges.add(
          new Range(
              UUID.fromString(text(range, "stream")), number(range, "from"), number(range, "to")));
    }
    return new Digest(
        text(json, "awsAccountId"),
        time(json, "digestStartTime"),
        time(json, "digestEndTime"),
        text(json, "digestS3Bucket"),
        text(json, "digestS3Object"),
        text(json, "digestPublicKeyFingerprint"),
        maybeTime(json, "newestEventTime"),
        maybeTime(json, "oldestEventTime"),
        previous,
        logFiles,
        ranges,
        text(json, "strongroomCursorHash"));
  }

  private static String text(Map<?, ?> json, String name) {
    if (json.get(name) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("no text " + name);
  }

  private static long number(Map<?, ?> json, String name) {
    if (json.get(name) instanceof Long number) {
      return number;
    }
    throw new IllegalArgumentException("no number " + name);
  }

  private static Instant time(Map<?, ?> json, String name) {
    return Instant.parse(text(json, name));
  }

  private static Optional<Instant> maybeTime(Map<?, ?> json, String name) {
    return json.get(name) == null ? Optional.empty() : Optional.of(time(json, name));
  }

  private static List<Map<?, ?>> maps(Map<?, ?> json, String name) {
    List<Map<?, ?>> maps = new ArrayList<>();
    if (json.get(name) instanceof List<?> list) {
      for (Object item : list) {
        if (!(item instanceof Map<?, ?> map)) {
          throw new IllegalArgumentException("no object in " + name);
        }
        maps.add(map);
      }
      return maps;
    }
    throw new IllegalArgumentException("no list " + name);
  }
}
