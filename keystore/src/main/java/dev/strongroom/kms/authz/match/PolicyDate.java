// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.match;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dates of policies: those of W3C's profile of ISO 8601, from the year alone to fractions of a
 * second, and seconds since 1970 where there are five digits or more.
 */
final class PolicyDate {
  private static final Pattern EPOCH = Pattern.compile("[0-9]{5,12}");
  private static final Pattern W3C =
      Pattern.compile(
          "([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2})"
              + "(?::([0-9]{2})(?:\\.([0-9]{1,9}))?)?(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?");

  private PolicyDate() {}

  /** Returns the moment that a text means; null where it is no date. */
  static @Nullable Instant parse(String text) {
    if (EPOCH.matcher(text).matches()) {
      return Instant.ofEpochSecond(Long.parseLong(text));
    }
    Matcher w3c = W3C.matcher(text);
    try {
      return w3c.matches() ? instant(w3c) : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static Instant instant(Matcher parts) {
    LocalDateTime local =
        LocalDateTime.of(
            number(parts.group(1), 0),
            number(parts.group(2), 1),
            number(parts.group(3), 1),
            number(parts.group(4), 0),
            number(parts.group(5), 0),
            number(parts.group(6), 0),
            nanos(parts.group(7)));
    String zone = parts.group(8);
    return local.toInstant(zone == null ? ZoneOffset.UTC : ZoneOffset.of(zone));
  }

  private static int number(@Nullable String digits, int otherwise) {
    return digits == null ? otherwise : Integer.parseInt(digits);
  }

  private static int nanos(@Nullable String fraction) {
    return fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
  }
}
