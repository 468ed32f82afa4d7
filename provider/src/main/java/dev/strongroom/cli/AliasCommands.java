// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.KeyRef;
import java.util.List;

/** {@code kms …-alias}: movable names of keys. */
final class AliasCommands {

  private static final Parameter ALIAS_NAME =
      Parameter.required(
          "--alias-name", "<alias>", "alias/ and up to 250 letters, digits, ':', '/', '_', '-'.");
  private static final Parameter TARGET_KEY_ID =
      Parameter.required("--target-key-id", "<key>", "The key to name: its id or ARN.");

  private AliasCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "kms",
            "create-alias",
            "Gives a key a name.",
            """
            strongroom kms create-alias --alias-name alias/payroll \\
                --target-key-id 1234abcd-12ab-34cd-56ef-1234567890ab""",
            List.of(ALIAS_NAME, TARGET_KEY_ID),
            AliasCommands::createAlias),
        new Command(
            "kms",
            "update-alias",
            "Moves a name to another key of the same type and usage.",
            """
            strongroom kms update-alias --alias-name alias/payroll \\
                --target-key-id 0987dcba-09fe-87dc-65ba-ab0987654321""",
            List.of(ALIAS_NAME, TARGET_KEY_ID),
            AliasCommands::updateAlias),
        new Command(
            "kms",
            "delete-alias",
            "Removes a name; the key stays.",
            "strongroom kms delete-alias --alias-name alias/payroll",
            List.of(ALIAS_NAME),
            AliasCommands::deleteAlias),
        new Command(
            "kms",
            "list-aliases",
            "Lists the names of all keys, or of one.",
            "strongroom kms list-aliases --query Aliases[].AliasName",
            List.of(
                Parameter.optional("--key-id", "<key>", "Only the names of this key."),
                Options.LIMIT,
                Options.MARKER,
                Options.MAX_ITEMS,
                Options.STARTING_TOKEN),
            AliasCommands::listAliases));
  }

  private static Answer createAlias(Call call) {
    Alias alias = call.alias("--alias-name");
    KeyRef target = call.key("--target-key-id");
    call.kms().createAlias(call.caller(), alias, target);
    return Answer.none();
  }

  private static Answer updateAlias(Call call) {
    Alias alias = call.alias("--alias-name");
    KeyRef target = call.key("--target-key-id");
    call.kms().updateAlias(call.caller(), alias, target);
    return Answer.none();
  }

  private static Answer deleteAlias(Call call) {
    Alias alias = call.alias("--alias-name");
    call.kms().deleteAlias(call.caller(), alias);
    return Answer.none();
  }

  private static Answer listAliases(Call call) {
    KeyRef key = call.keyIfGiven("--key-id").orElse(null);
    return Pages.list(
        call,
        "Aliases",
        (marker, limit) -> call.kms().listAliases(call.caller(), key, marker, limit),
        entry -> Shapes.alias(call.place(), entry));
  }
}
