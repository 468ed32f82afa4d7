// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.audit.usage.UsageReport;
import dev.strongroom.kms.audit.usage.UsageSum;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Uses of keys as bars, one for each day, caller and operation under a heading for each key. The
 * same lines whether characters or {@link UsageSvg} draw them.
 */
final class UsageChart {
  private static final int BAR_CHARACTERS = 30;

  private final List<Line> lines = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long longest;

  /**
   * One line of the chart.
   *
   * @param label a heading where {@code figures} is empty
   * @param calls so long is the bar
   * @param refusals so long is its other part
   * @param figures what the bar stands for
   */
  record Line(String label, long calls, long refusals, String figures) {
    boolean isHeading() {
      return figures.isEmpty();
    }
  }

  private UsageChart() {}

  static UsageChart of(UsageReport report) {
    UsageChart chart = new UsageChart();
    Map<String, List<UsageSum>> keys = new TreeMap<>();
    for (UsageSum sum : report.sums()) {
      keys.computeIfAbsent(sum.keyArn(), key -> new ArrayList<>()).add(sum);
    }
    keys.forEach(chart::add);
    if (keys.isEmpty()) {
      chart.notes.add("No use of a key is on record for that time.");
    }
    if (report.unreadable() > 0) {
      chart.notes.add(
          "The trail cannot be read at "
              + report.unreadable()
              + " places, which are left out here. 'cloudtrail validate-logs' says where.");
    }
    return chart;
  }

  private void add(String keyArn, List<UsageSum> sums) {
    lines.add(new Line(clean(keyArn), 0, 0, ""));
    int callers = width(sums.stream().map(sum -> caller(sum)).toList());
    int operations = width(sums.stream().map(UsageSum::operation).toList());
    for (UsageSum sum : sums) {
      String label =
          sum.day()
              + "  "
              + padded(caller(sum), callers)
              + "  "
              + padded(clean(sum.operation()), operations);
      lines.add(new Line(label, sum.calls(), sum.refusals(), figures(sum)));
      longest = Math.max(longest, sum.calls() + sum.refusals());
    }
  }

  private static int width(List<String> texts) {
    return texts.stream().mapToInt(String::length).max().orElse(0);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  /**
   * Returns the part of the ARN that tells callers apart: {@code user/batch}, or {@code
   * 999999999999:user/batch} where the key is of another account.
   */
  private static String caller(UsageSum sum) {
    if (sum.callerArn().isEmpty()) {
      return "nobody";
    }
    String[] parts = sum.callerArn().split(":", 6);
    String name = parts[parts.length - 1];
    boolean isForeign = parts.length == 6 && !sum.keyArn().contains(":" + parts[4] + ":");
    return clean(isForeign ? parts[4] + ":" + name : name);
  }

  /** What stands in a trail may have been put there: nothing in it may move a terminal's cursor. */
  private static String clean(String text) {
    return text.replaceAll("\\p{C}", "?");
  }

  private static String figures(UsageSum sum) {
    return sum.calls()
        + (sum.failures() == 0 ? "" : ", " + sum.failures() + " of them failed")
        + (sum.refusals() == 0 ? "" : ", " + sum.refusals() + " refused");
  }

  List<Line> lines() {
    return lines;
  }

  /** Returns what is to be said besides, in sentences. */
  List<String> notes() {
    return notes;
  }

  /** Returns how long a part of a bar is where the longest bar has {@code full}; seen if any. */
  int length(long count, int full) {
    return count == 0 ? 0 : (int) Math.max(1, Math.round((double) count / longest * full));
  }

  /**
   * Returns the chart in characters: {@code #} for calls that were let through, {@code x} refused.
   */
  String text() {
    StringBuilder text = new StringBuilder();
    for (Line line : lines) {
      if (line.isHeading()) {
        text.append(line.label()).append('\n');
      } else {
        text.append("  ").append(line.label()).append("  ");
        text.append("#".repeat(length(line.calls(), BAR_CHARACTERS)));
        text.append("x".repeat(length(line.refusals(), BAR_CHARACTERS)));
        text.append(' ').append(line.figures()).append('\n');
      }
    }
    notes.forEach(note -> text.append(note).append('\n'));
    return text.toString();
  }
}
