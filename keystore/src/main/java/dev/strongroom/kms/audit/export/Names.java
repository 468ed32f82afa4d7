// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.export;

import dev.strongroom.kms.Place;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/** Paths in an export, as CloudTrail's in a bucket. */
final class Names {
  /** What all paths begin with. */
  static final String LOGS = "AWSLogs";

  /** The path of a digest file; its last group is its time. */
  static final Pattern DIGEST =
      Pattern.compile("AWSLogs/.+/.+_CloudTrail-Digest_.+_([0-9]{8}T[0-9]{6}Z)\\.json\\.gz");

  private static final String TRAIL = "strongroom";
  private static final DateTimeFormatter DAY = formatter("yyyy/MM/dd");
  private static final DateTimeFormatter MINUTE = formatter("yyyyMMdd'T'HHmm'Z'");
  private static final DateTimeFormatter SECOND = formatter("yyyyMMdd'T'HHmmss'Z'");
  private static final String SIGNATURE_SUFFIX = ".metadata.json";

  private Names() {}

  private static DateTimeFormatter formatter(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }

  /** Returns what the path of a log file begins with. */
  static String logFile(Place place, Instant hour) {
    return folder(place, "CloudTrail", hour)
        + String.join("_", place.account(), "CloudTrail", place.region(), MINUTE.format(hour))
        + "_";
  }

  static String digest(Place place, Instant end) {
    return folder(place, "CloudTrail-Digest", end)
        + String.join(
            "_",
            place.account(),
            "CloudTrail-Digest",
            place.region(),
            TRAIL,
            place.region(),
            SECOND.format(end))
        + ".json.gz";
  }

  /** Returns the path of what S3 has as a digest's metadata: its signature. */
  static String signature(String digest) {
    return digest + SIGNATURE_SUFFIX;
  }

  private static String folder(Place place, String kind, Instant time) {
    return String.join("/", LOGS, place.account(), kind, place.region(), DAY.format(time)) + "/";
  }
}
