// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.audit.usage.UsageQuery;
import dev.strongroom.kms.audit.usage.UsageReport;
import dev.strongroom.kms.audit.usage.UsageSum;
import dev.strongroom.kms.service.GetKeyLastUsageResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** {@code kms …usage}: who used which key for what, as the trail has it. */
final class UsageCommands {

  private UsageCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "kms",
            "get-key-last-usage",
            "Shows the last use of a key that succeeded: when, what, by whom, and its event.",
            "strongroom kms get-key-last-usage --key-id alias/payroll",
            List.of(Options.KEY_ID),
            UsageCommands::getKeyLastUsage),
        new Command(
            "kms",
            "usage",
            "Sums up who used which key for what, by day; refused calls, too (not in AWS).",
            """
            strongroom kms usage --start-time 2026-11-01 --end-time 2026-12-01 --chart
            strongroom kms usage --key-id alias/payroll --svg payroll.svg\
            """,
            List.of(
                Parameter.optional(
                    "--key-id", "<key>", "One key; by id or ARN one that was deleted, too."),
                Parameter.optional(
                    "--start-time", "<time>", "2026-11-24, 2026-11-24T08:00:00Z or seconds."),
                Parameter.optional("--end-time", "<time>", "The first moment not counted."),
                Parameter.flag("--chart", "Print bars in characters, not JSON."),
                Parameter.optional("--svg", "<file>", "Draw the bars into this file as well."),
                FileTransform.FORCE),
            UsageCommands::usage));
  }

  private static Answer getKeyLastUsage(Call call) {
    KeyRef key = call.key("--key-id");
    GetKeyLastUsageResult result = call.kms().getKeyLastUsage(call.caller(), key);
    Answer answer =
        new Answer()
            .with("KeyId", result.keyId().text())
            .with(
                "KeyLastUsage", result.lastUsage().map(UsageCommands::last).orElseGet(Answer::new))
            .with("KeyCreationDate", result.keyCreationDate())
            .with("TrackingStartDate", result.trackingStartDate());
    return withUnreadable(answer, result.unreadable());
  }

  static Answer last(AuditRecord use) {
    return new Answer()
        .with("Operation", use.eventName())
        .with("Timestamp", use.eventTime())
        .with("CloudTrailEventId", use.eventId().toString())
        .with("KmsRequestId", use.requestId().toString())
        .withIfPresent("CallerArn", use.callerArn());
  }

  private static Answer usage(Call call) throws IOException {
    UsageQuery query =
        new UsageQuery(
            call.keyIfGiven("--key-id"),
            Times.parse(call, "--start-time"),
            Times.parse(call, "--end-time"));
    UsageReport report = call.kms().summarizeUsage(call.caller(), query);
    UsageChart chart = UsageChart.of(report);
    if (call.arguments().has("--svg")) {
      draw(call, chart);
    }
    if (call.arguments().has("--chart")) {
      call.terminal().out().write(chart.text().getBytes(StandardCharsets.UTF_8));
      return Answer.none();
    }
    Answer answer =
        new Answer().with("Usage", report.sums().stream().map(UsageCommands::shape).toList());
    return withUnreadable(answer, report.unreadable());
  }

  static Answer withUnreadable(Answer answer, long places) {
    return places == 0 ? answer : answer.with("UnreadablePlaces", places);
  }

  private static void draw(Call call, UsageChart chart) throws IOException {
    boolean replace = call.arguments().has(FileTransform.FORCE.name());
    Path target = Path.of(call.arguments().get("--svg"));
    try (OutputFile file = OutputFile.create(target, replace, false)) {
      file.stream().write(UsageSvg.of(chart).getBytes(StandardCharsets.UTF_8));
      file.commit();
    }
  }

  static Answer shape(UsageSum sum) {
    return new Answer()
        .with("Date", sum.day().toString())
        .with("KeyId", sum.keyArn())
        .with("Caller", sum.callerArn())
        .with("Operation", sum.operation())
        .with("Count", sum.calls())
        .with("Failures", sum.failures())
        .with("Refusals", sum.refusals());
  }
}
