// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.Place;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.audit.CloudTrailJson;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.service.EventFeed;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code cloudtrail lookup-events --follow}: a line of JSON for each event, until Ctrl-C. */
final class FollowCommand {
  static final Parameter FOLLOW =
      Parameter.flag(
          "--follow",
          "Print what comes from now on, each event as one line of JSON, until Ctrl-C.");

  private static final long PAUSE_MILLIS = 300;
  private static final List<String> OF_THE_PAST =
      List.of("--start-time", "--end-time", "--max-results", "--max-items");

  private FollowCommand() {}

  static Answer run(Call call, AuditQuery query) throws IOException {
    for (String option : OF_THE_PAST) {
      if (call.arguments().has(option)) {
        throw UsageError.of(
            option, "--follow shows what comes from now on. Leave one of them out.");
      }
    }
    Place place = call.place();
    OutputStream out = call.terminal().out();
    try (EventFeed feed = call.kms().followEvents(call.caller(), query)) {
      while (!Thread.currentThread().isInterrupted()) {
        feed.poll(record -> print(record, place, out));
        out.flush(); // a pipe that was closed ends this here
        pause();
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return Answer.none();
  }

  /** At once: of what comes while a reader of the pipe is slow, nothing is kept in memory. */
  private static void print(AuditRecord record, Place place, OutputStream out) {
    String line = Json.write(CloudTrailJson.event(record, place)) + "\n";
    try {
      out.write(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
