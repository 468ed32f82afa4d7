// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.usage;

import dev.strongroom.kms.KmsException;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sums up uses of keys as it is told of them, in any order. What it keeps grows with the number of
 * sums, not with that of records, and never beyond {@link #MAX_SUMS} of them.
 *
 * <p>Not thread-safe.
 */
public final class UsageTally {

  /** So many sums are some 20 MB. */
  public static final int MAX_SUMS = 100_000;

  private static final long MILLIS_OF_DAY = 86_400_000;
  private static final Comparator<UsageSum> ORDER =
      Comparator.comparing(UsageSum::day)
          .thenComparing(UsageSum::keyArn)
          .thenComparing(UsageSum::callerArn)
          .thenComparing(UsageSum::operation);

  private final Map<Kind, Counts> sums = new HashMap<>();

  /** How a call ended. */
  public enum Outcome {
    /** It was let through. */
    CALL,
    /** It was let through before, and has failed. */
    FAILURE,
    /** It was not let through. */
    REFUSAL,
    /** It was tried and not made; not counted. */
    DRY_RUN
  }

  private record Kind(long day, String keyArn, String callerArn, String operation) {}

  private static final class Counts {
    private long calls;
    private long failures;
    private long refusals;
  }

  /** Returns a tally that was told of nothing yet. */
  public UsageTally() {}

  /**
   * Counts one record.
   *
   * @param timeMillis since 1970
   * @throws KmsException.LimitExceeded if there would be more than {@link #MAX_SUMS} sums
   */
  public void add(
      long timeMillis, String keyArn, String callerArn, String operation, Outcome outcome) {
    if (outcome == Outcome.DRY_RUN) {
      return;
    }
    long day = Math.floorDiv(timeMillis, MILLIS_OF_DAY);
    Counts counts = counts(new Kind(day, keyArn, callerArn, operation));
    switch (outcome) {
      case CALL -> counts.calls++;
      case FAILURE -> counts.failures++;
      case REFUSAL -> counts.refusals++;
      case DRY_RUN -> throw new AssertionError("Not counted");
    }
  }

  private Counts counts(Kind kind) {
    Counts known = sums.get(kind);
    if (known != null) {
      return known;
    }
    if (sums.size() == MAX_SUMS) {
      throw new KmsException.LimitExceeded(
          "More than "
              + MAX_SUMS
              + " different uses (by day, key, caller and operation) are on record for that time."
              + " Ask for one key, or for less time, with --start-time and --end-time.");
    }
    Counts counts = new Counts();
    sums.put(kind, counts);
    return counts;
  }

  /**
   * Returns the sums so far.
   *
   * @param unreadable at how many places the trail could not be read
   */
  public UsageReport report(long unreadable) {
    List<UsageSum> all =
        sums.entrySet().stream()
            .map(entry -> sum(entry.getKey(), entry.getValue()))
            .sorted(ORDER)
            .toList();
    return new UsageReport(all, unreadable);
  }

  private static UsageSum sum(Kind kind, Counts counts) {
    return new UsageSum(
        LocalDate.ofEpochDay(kind.day()),
        kind.keyArn(),
        kind.callerArn(),
        kind.operation(),
        counts.calls,
        counts.failures,
        counts.refusals);
  }
}
