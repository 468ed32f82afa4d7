// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/** Reads points in time as AWS CLI does; what has no zone is UTC. */
final class Times {

  private Times() {}

  static Optional<Instant> parse(Call call, String option) {
    return call.arguments().find(option).map(text -> parse(option, text));
  }

  private static Instant parse(String option, String text) {
    try {
      if (text.matches("\\d{1,12}")) {
        return Instant.ofEpochSecond(Long.parseLong(text));
      }
      if (!text.contains("T")) {
        return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
      }
      boolean hasZone = text.matches(".*(Z|[+-]\\d\\d:\\d\\d)");
      return hasZone
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw UsageError.of(
          option,
          "'"
              + text
              + "' is not a time. Write 2026-11-24, 2026-11-24T08:00:00Z or seconds since"
              + " 1970.");
    }
  }
}
