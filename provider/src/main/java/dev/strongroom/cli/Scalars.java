// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** The text of values that are not objects, lists or bytes. */
final class Scalars {

  /** As AWS CLI: ISO 8601 with microseconds, none for a whole second; always UTC. */
  private static final DateTimeFormatter WITH_MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx", Locale.ROOT);

  private static final DateTimeFormatter WHOLE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx", Locale.ROOT);

  private Scalars() {}

  static String text(Object value) {
    return value instanceof Instant time ? time(time) : value.toString();
  }

  private static String time(Instant time) {
    Instant micros = time.truncatedTo(ChronoUnit.MICROS);
    boolean whole = micros.equals(time.truncatedTo(ChronoUnit.SECONDS));
    return (whole ? WHOLE : WITH_MICROS).format(time.atOffset(ZoneOffset.UTC));
  }
}
