// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.IamKind;
import dev.strongroom.kms.Tag;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** {@code iam …tag…}: tags of users and roles, which policies ask about when these call. */
final class IamTagCommands {
  private static final TagSyntax SYNTAX = TagSyntax.ofIam();

  static final Parameter TAGS_IF_ANY =
      Parameter.list("--tags", "<tag>", "Key=team,Value=blue, or a JSON list; up to 50.");

  private static final Parameter TAGS =
      Parameter.requiredList(TAGS_IF_ANY.name(), TAGS_IF_ANY.label(), TAGS_IF_ANY.help());
  private static final Parameter TAG_KEYS =
      Parameter.requiredList("--tag-keys", "<key>", "The keys of the tags; case does not matter.");

  private IamTagCommands() {}

  static List<Command> all() {
    return Stream.of(IamKind.USER, IamKind.ROLE).flatMap(kind -> of(kind).stream()).toList();
  }

  private static List<Command> of(IamKind kind) {
    String word = kind.word();
    String named = " " + IamOptions.nameOption(kind) + " batch";
    return List.of(
        IamOptions.command(
            "tag-" + word,
            "Puts tags on a " + word + "; policies ask about the caller's: aws:PrincipalTag/team.",
            named + " --tags Key=team,Value=blue",
            List.of(IamOptions.name(kind), TAGS),
            call -> tag(call, kind)),
        IamOptions.command(
            "untag-" + word,
            "Takes tags off a " + word + ".",
            named + " --tag-keys team",
            List.of(IamOptions.name(kind), TAG_KEYS),
            call -> untag(call, kind)),
        IamOptions.command(
            "list-" + word + "-tags",
            "Lists the tags of a " + word + ".",
            named,
            List.of(IamOptions.name(kind)),
            call -> list(call, kind)));
  }

  /** Returns the tags that something is made with; none where the option was not given. */
  static Map<String, String> tags(Call call) throws IOException {
    return SYNTAX.parse(call, TAGS.name());
  }

  /** Returns the answer with the tags that something was made with, as AWS shows them. */
  static Answer shownOn(Answer made, Map<String, String> tags) {
    return tags.isEmpty()
        ? made
        : made.with(
            "Tags",
            new TreeMap<>(tags)
                .entrySet().stream()
                    .map(tag -> SYNTAX.shape(new Tag(tag.getKey(), tag.getValue())))
                    .toList());
  }

  private static String name(Call call, IamKind kind) {
    return call.arguments().get(IamOptions.nameOption(kind));
  }

  private static Answer tag(Call call, IamKind kind) throws IOException {
    call.kms().iam().tag(call.caller(), kind, name(call, kind), tags(call));
    return Answer.none();
  }

  private static Answer untag(Call call, IamKind kind) {
    call.kms().iam().untag(call.caller(), kind, name(call, kind), call.list(TAG_KEYS.name()));
    return Answer.none();
  }

  private static Answer list(Call call, IamKind kind) {
    List<Answer> tags =
        call.kms().iam().listTags(call.caller(), kind, name(call, kind)).stream()
            .map(SYNTAX::shape)
            .toList();
    return new Answer().with("Tags", tags).with("IsTruncated", false);
  }
}
