// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static dev.strongroom.cli.Options.KEY_ID;

import dev.strongroom.kms.KeyMaterialState;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.service.EnableKeyRotationRequest;
import dev.strongroom.kms.service.KeyRotationEntry;
import dev.strongroom.kms.service.KeyRotationStatus;
import dev.strongroom.kms.service.Kms;
import java.util.List;
import java.util.Optional;

/** {@code kms …}: new material for keys. */
final class RotationCommands {
  private static final String PERIOD = "--rotation-period-in-days";
  private static final String MESSAGES = "--rotate-after-messages";
  private static final String BYTES = "--rotate-after-bytes";
  private static final String INCLUDE = "--include-key-material";
  private static final Parameter OVERLAP =
      Parameter.flag(
          "--with-overlap",
          "Also an HMAC or asymmetric key, which AWS refuses: its newest material signs, and all"
              + " that it had verifies.");

  /** Which generations list-key-rotations shows. */
  private enum Included {
    ROTATIONS_ONLY,
    ALL_KEY_MATERIAL
  }

  private RotationCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "kms",
            "enable-key-rotation",
            "Gives a key new material every 90 to 2560 days; what it encrypted decrypts as before.",
            "strongroom kms enable-key-rotation --key-id alias/app --rotation-period-in-days 180",
            List.of(
                KEY_ID,
                Parameter.optional(PERIOD, "<n>", "Every how many days: 90 to 2560; 365."),
                Parameter.optional(
                    MESSAGES, "<n>", "Also after so many messages, 1000 or more (not in AWS)."),
                Parameter.optional(
                    BYTES, "<n>", "Also after so many bytes of these, 1048576 or more."),
                OVERLAP),
            RotationCommands::enable),
        new Command(
            "kms",
            "disable-key-rotation",
            "Lets a key keep its material.",
            "strongroom kms disable-key-rotation --key-id alias/app",
            List.of(KEY_ID),
            RotationCommands::disable),
        new Command(
            "kms",
            "get-key-rotation-status",
            "Shows whether and when a key gets new material by itself.",
            "strongroom kms get-key-rotation-status --key-id alias/app",
            List.of(KEY_ID),
            RotationCommands::status),
        new Command(
            "kms",
            "rotate-key-on-demand",
            "Gives a key new material now, or that which was imported for it; 25 times at most.",
            "strongroom kms rotate-key-on-demand --key-id alias/app",
            List.of(KEY_ID, OVERLAP),
            RotationCommands::rotate),
        new Command(
            "kms",
            "list-key-rotations",
            "Lists the generations of a key's material, the oldest first.",
            "strongroom kms list-key-rotations --key-id alias/app",
            List.of(
                KEY_ID,
                Parameter.optional(
                    INCLUDE,
                    Choices.label(Included.class),
                    "Whether the first generation is shown, too; ROTATIONS_ONLY."),
                Options.LIMIT,
                Options.MARKER,
                Options.MAX_ITEMS,
                Options.STARTING_TOKEN),
            RotationCommands::list));
  }

  private static Answer enable(Call call) {
    int days = call.number(PERIOD, Kms.DEFAULT_ROTATION_DAYS, 90, 2560);
    EnableKeyRotationRequest request = EnableKeyRotationRequest.of(call.key(KEY_ID.name()), days);
    Optional<Long> messages = limit(call, MESSAGES);
    if (messages.isPresent()) {
      request = request.afterMessages(messages.get());
    }
    Optional<Long> bytes = limit(call, BYTES);
    if (bytes.isPresent()) {
      request = request.afterBytes(bytes.get());
    }
    call.kms().enableKeyRotation(call.caller(), overlaps(call) ? request.overlapping() : request);
    return Answer.none();
  }

  private static Optional<Long> limit(Call call, String option) {
    return call.arguments()
        .find(option)
        .map(
            text -> {
              try {
                return Long.valueOf(text);
              } catch (NumberFormatException e) {
                throw UsageError.of(option, "\"" + text + "\" is not a whole number.");
              }
            });
  }

  private static boolean overlaps(Call call) {
    return call.arguments().has(OVERLAP.name());
  }

  private static Answer disable(Call call) {
    call.kms().disableKeyRotation(call.caller(), call.key(KEY_ID.name()));
    return Answer.none();
  }

  private static Answer status(Call call) {
    KeyRotationStatus status =
        call.kms().getKeyRotationStatus(call.caller(), call.key(KEY_ID.name()));
    return new Answer()
        .with("KeyRotationEnabled", status.isEnabled())
        .with("KeyId", status.arn().text())
        .withIfPresent("RotationPeriodInDays", status.periodInDays())
        .withIfPresent("NextRotationDate", status.nextRotation())
        .withIfPresent("RotationByUse", status.use().map(RotationCommands::shape));
  }

  private static Answer shape(KeyRotationStatus.Use use) {
    return new Answer()
        .withIfPresent("MaxMessages", use.maxMessages())
        .withIfPresent("MaxBytes", use.maxBytes())
        .with("Messages", use.messages())
        .with("Bytes", use.bytes());
  }

  private static Answer rotate(Call call) {
    KeyRef key = call.key(KEY_ID.name());
    return new Answer()
        .with("KeyId", call.kms().rotateKeyOnDemand(call.caller(), key, overlaps(call)).text());
  }

  private static Answer list(Call call) {
    KeyRef key = call.key(KEY_ID.name());
    boolean all =
        call.choiceIfGiven(INCLUDE, Included.class).orElse(Included.ROTATIONS_ONLY)
            == Included.ALL_KEY_MATERIAL;
    return Pages.list(
        call,
        "Rotations",
        (marker, limit) -> call.kms().listKeyRotations(call.caller(), key, all, marker, limit),
        RotationCommands::shape);
  }

  private static Answer shape(KeyRotationEntry entry) {
    boolean isWaiting = entry.state() == KeyMaterialState.PENDING_ROTATION;
    Answer answer =
        new Answer().with("KeyId", entry.arn().text()).with("KeyMaterialId", entry.keyMaterialId());
    entry
        .imported()
        .ifPresent(
            imported ->
                answer
                    .withIfPresent(
                        "KeyMaterialDescription",
                        Optional.of(imported.description()).filter(text -> !text.isEmpty()))
                    .with("ImportState", imported.state().name()));
    answer.with("KeyMaterialState", entry.state().name());
    entry
        .imported()
        .ifPresent(
            imported ->
                answer
                    .withIfPresent("ExpirationModel", imported.model().map(Enum::name))
                    .withIfPresent("ValidTo", imported.validTo())
                    .withIfPresent("DestructionDate", imported.destructionDate()));
    return answer
        .withIfPresent("RotationDate", Optional.of(entry.date()).filter(date -> !isWaiting))
        .withIfPresent("RotationType", entry.type().map(Enum::name));
  }
}
