// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.service.EnsureKeyResult;
import dev.strongroom.kms.service.KeyDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code kms ensure-key}: brings a key into the state that a file describes. */
final class EnsureCommands {
  private static final String FILE = "--file";

  private EnsureCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "kms",
            "ensure-key",
            "Makes a key, or brings it into the state that a file describes (not in AWS).",
            """
            echo '{"AliasName": "alias/app", "Tags": [{"TagKey": "team", "TagValue": "blue"}],
                "RotationPeriodInDays": 180}' > key.json
            strongroom kms ensure-key --file key.json --dry-run""",
            List.of(
                Parameter.required(
                    FILE,
                    "<file>",
                    "JSON with AliasName, and what is wanted of KeySpec, KeyUsage, Origin,"
                        + " ProtectionLevel, MultiRegion (for good), Description, Policy, Tags,"
                        + " KeyRotationEnabled, RotationPeriodInDays, Enabled. What is left out"
                        + " stays."),
                Parameter.flag("--dry-run", "Tries it and shows what would change."),
                Parameter.flag("--no-dry-run", "Does it; the default.")),
            EnsureCommands::ensureKey));
  }

  private static Answer ensureKey(Call call) throws IOException {
    KeyDescription wanted =
        KeyDescription.parse(Files.readString(Path.of(call.arguments().get(FILE))));
    EnsureKeyResult result = call.kms().ensureKey(call.caller(), wanted);
    return new Answer()
        .withIfPresent("KeyId", result.key().map(KeyArn::text))
        .with("Created", result.created())
        .with("Changes", result.changes().stream().map(EnsureCommands::change).toList());
  }

  private static Answer change(EnsureKeyResult.Change change) {
    return new Answer()
        .with("Operation", change.operation().apiName())
        .with("Member", change.member())
        .with("Before", change.before())
        .with("After", change.after());
  }
}
