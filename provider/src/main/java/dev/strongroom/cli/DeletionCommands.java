// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static dev.strongroom.cli.Options.KEY_ID;

import dev.strongroom.kms.audit.usage.MaterialUse;
import dev.strongroom.kms.service.DeletionImpactResult;
import dev.strongroom.kms.service.ScheduleKeyDeletionRequest;
import dev.strongroom.kms.service.ScheduleKeyDeletionResult;
import java.util.List;

/** {@code kms …}: the end of keys. */
final class DeletionCommands {
  private static final String WINDOW = "--pending-window-in-days";
  private static final String QUIET = "--require-quiet-days";

  private DeletionCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "kms",
            "schedule-key-deletion",
            "Destroys a key after 7 to 30 days, in which that can be cancelled; unusable at once.",
            """
            strongroom kms schedule-key-deletion --key-id alias/old --pending-window-in-days 14 \\
                --require-quiet-days 90\
            """,
            List.of(
                KEY_ID,
                Parameter.optional(WINDOW, "<n>", "How long it can be cancelled: 7 to 30; 30."),
                Parameter.optional(
                    QUIET,
                    "<n>",
                    "Only if the trail shows no use of the key for so many days (not in AWS).")),
            DeletionCommands::schedule),
        new Command(
            "kms",
            "cancel-key-deletion",
            "Keeps a key that is pending deletion; it is disabled then.",
            "strongroom kms cancel-key-deletion --key-id alias/old",
            List.of(KEY_ID),
            DeletionCommands::cancel),
        new Command(
            "kms",
            "deletion-impact",
            "Shows what would go with a key, and who has used it for what, by day (not in AWS).",
            "strongroom kms deletion-impact --key-id alias/old",
            List.of(KEY_ID),
            DeletionCommands::impact),
        new Command(
            "kms",
            "confirm-clock",
            "Says that the clock is right after it was set forward: what is due then waits no longer.",
            "strongroom kms confirm-clock",
            List.of(),
            DeletionCommands::confirmClock));
  }

  private static Answer schedule(Call call) {
    ScheduleKeyDeletionRequest request =
        ScheduleKeyDeletionRequest.of(call.key(KEY_ID.name()))
            .withPendingWindow(call.number(WINDOW, 30, 7, 30));
    if (call.arguments().has(QUIET)) {
      request = request.withRequiredQuietDays(call.number(QUIET, 1, 1, 3650));
    }
    ScheduleKeyDeletionResult result = call.kms().scheduleKeyDeletion(call.caller(), request);
    return new Answer()
        .with("KeyId", result.arn().text())
        .with("DeletionDate", result.deletionDate())
        .with("KeyState", result.state().apiName())
        .with("PendingWindowInDays", result.pendingWindowInDays());
  }

  private static Answer cancel(Call call) {
    return new Answer()
        .with("KeyId", call.kms().cancelKeyDeletion(call.caller(), call.key(KEY_ID.name())).text());
  }

  private static Answer impact(Call call) {
    DeletionImpactResult impact = call.kms().deletionImpact(call.caller(), call.key(KEY_ID.name()));
    Answer answer =
        new Answer()
            .with("KeyId", impact.key().arn().text())
            .with("KeyState", impact.key().state().apiName())
            .withIfPresent("DeletionDate", impact.key().deletionDate())
            .with("Aliases", impact.aliases())
            .with("Grants", impact.grants())
            .with(
                "KeyLastUsage",
                impact.lastUsage().lastUsage().map(UsageCommands::last).orElseGet(Answer::new))
            .with("TrackingStartDate", impact.lastUsage().trackingStartDate())
            .with("Usage", impact.usage().sums().stream().map(UsageCommands::shape).toList())
            .with(
                "KeyMaterials", impact.materials().stream().map(DeletionCommands::shape).toList());
    return UsageCommands.withUnreadable(answer, impact.usage().unreadable());
  }

  private static Answer shape(MaterialUse use) {
    return new Answer()
        .with("KeyMaterialId", use.keyMaterialId())
        .with("Operation", use.operation())
        .with("Count", use.calls());
  }

  private static Answer confirmClock(Call call) {
    return new Answer().with("Time", call.kms().confirmClock(call.caller()));
  }
}
