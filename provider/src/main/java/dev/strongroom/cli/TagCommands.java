// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static dev.strongroom.cli.Options.KEY_ID;

import dev.strongroom.kms.KeyRef;
import java.io.IOException;
import java.util.List;

/** {@code kms …tag…}: names and values on keys, which policies can ask about. */
final class TagCommands {

  static final Parameter TAGS =
      Parameter.list(
          "--tags", "<tag>", "TagKey=team,TagValue=blue, or a JSON list; a key can have 50.");

  private TagCommands() {}

  static List<Command> all() {
    return List.of(
        new Command(
            "kms",
            "tag-resource",
            "Puts tags on a key; policies ask about them: aws:ResourceTag/team.",
            """
            strongroom kms tag-resource --key-id alias/payroll \\
                --tags TagKey=team,TagValue=blue TagKey=stage,TagValue=test\
            """,
            List.of(KEY_ID, Parameter.requiredList("--tags", TAGS.label(), TAGS.help())),
            TagCommands::tagResource),
        new Command(
            "kms",
            "untag-resource",
            "Takes tags off a key.",
            "strongroom kms untag-resource --key-id alias/payroll --tag-keys team stage",
            List.of(
                KEY_ID,
                Parameter.requiredList(
                    "--tag-keys", "<key>", "The keys of the tags; case matters.")),
            TagCommands::untagResource),
        new Command(
            "kms",
            "list-resource-tags",
            "Lists the tags of a key.",
            "strongroom kms list-resource-tags --key-id alias/payroll",
            List.of(
                KEY_ID, Options.LIMIT, Options.MARKER, Options.MAX_ITEMS, Options.STARTING_TOKEN),
            TagCommands::listResourceTags));
  }

  private static Answer tagResource(Call call) throws IOException {
    KeyRef key = call.key("--key-id");
    call.kms().tagResource(call.caller(), key, TagSyntax.ofKms().parse(call, TAGS.name()));
    return Answer.none();
  }

  private static Answer untagResource(Call call) {
    KeyRef key = call.key("--key-id");
    call.kms().untagResource(call.caller(), key, call.list("--tag-keys"));
    return Answer.none();
  }

  private static Answer listResourceTags(Call call) {
    KeyRef key = call.key("--key-id");
    return Pages.list(
        call,
        "Tags",
        (marker, limit) -> call.kms().listResourceTags(call.caller(), key, marker, limit),
        TagSyntax.ofKms()::shape);
  }
}
