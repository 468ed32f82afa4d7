// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.Place;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.audit.CloudTrailJson;
import dev.strongroom.kms.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code cloudtrail …}: the record of every call. */
final class CloudTrailCommands {

  private static final int MAX_RESULTS = 1_000_000;

  private CloudTrailCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "cloudtrail",
            "lookup-events",
            "Shows calls, the newest first: who, what, which key, allowed or refused.",
            """
            strongroom cloudtrail lookup-events --start-time 2026-11-24T08:00:00Z \\
                --lookup-attributes AttributeKey=EventName,AttributeValue=Decrypt""",
            List.of(
                Parameter.optional(
                    "--lookup-attributes",
                    "AttributeKey=<name>,AttributeValue=<value>",
                    "Only calls that have it: " + LookupAttribute.KEYS + "."),
                Parameter.optional(
                    "--start-time", "<time>", "2026-11-24, 2026-11-24T08:00:00Z or seconds."),
                Parameter.optional("--end-time", "<time>", "The first moment not shown."),
                Parameter.optional("--max-results", "<n>", "The newest so many; 50 by default."),
                Parameter.optional("--max-items", "<n>", "The same."),
                FollowCommand.FOLLOW),
            CloudTrailCommands::lookupEvents),
        ProofCommands.listPublicKeys(),
        ProofCommands.validateLogs(),
        ProofCommands.prove(),
        ExportCommands.export(),
        ExportCommands.validateExport());
  }

  private static Answer lookupEvents(Call call) throws IOException {
    int fallback = call.number("--max-items", 50, 1, MAX_RESULTS);
    int limit = call.number("--max-results", fallback, 1, MAX_RESULTS);
    AuditQuery query =
        new AuditQuery(
            Times.parse(call, "--start-time"),
            Times.parse(call, "--end-time"),
            LookupAttribute.parse(call.arguments().find("--lookup-attributes")),
            Optional.empty(),
            limit);
    if (call.arguments().has(FollowCommand.FOLLOW.name())) {
      return FollowCommand.run(call, query);
    }
    List<AuditRecord> records = new ArrayList<>(call.kms().lookupEvents(call.caller(), query));
    Collections.reverse(records);
    Place place = call.place();
    return new Answer()
        .with("Events", records.stream().map(record -> event(record, place)).toList());
  }

  private static Answer event(AuditRecord record, Place place) {
    Map<String, @Nullable Object> event = CloudTrailJson.event(record, place);
    List<Answer> resources =
        record.keyArn().stream()
            .map(
                arn -> new Answer().with("ResourceType", "AWS::KMS::Key").with("ResourceName", arn))
            .toList();
    return new Answer()
        .with("EventId", String.valueOf(event.get("eventID")))
        .with("EventName", record.eventName())
        .with("ReadOnly", Boolean.toString(record.readOnly()))
        .withIfPresent("AccessKeyId", record.accessKeyId())
        .with("EventTime", record.eventTime())
        .with("EventSource", String.valueOf(event.get("eventSource")))
        .withIfPresent("Username", record.callerArn().map(CloudTrailCommands::userName))
        .with("Resources", resources)
        .with("CloudTrailEvent", Json.write(event));
  }

  private static String userName(String arn) {
    return arn.replaceFirst(".*[:/]", "");
  }
}
