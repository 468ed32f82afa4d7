// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.ProtectionLevel;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonException;
import dev.strongroom.kms.json.JsonNode;
import dev.strongroom.kms.json.JsonNode.ObjectNode;
import dev.strongroom.kms.json.JsonNode.TextNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads {@link KeyDescription}s. Strict: what is not understood would not be brought about. */
final class KeyDescriptionReader {
  private static final int MAX_CHARS = 1 << 18;
  private static final List<String> MEMBERS =
      List.of(
          "AliasName",
          "KeySpec",
          "KeyUsage",
          "Origin",
          "ProtectionLevel",
          "MultiRegion",
          "Description",
          "Policy",
          "Tags",
          "KeyRotationEnabled",
          "RotationPeriodInDays",
          "Enabled");

  private final ObjectNode root;

  KeyDescriptionReader(String json) {
    try {
      root = object(Json.parseNode(json, MAX_CHARS), "The description of a key");
    } catch (JsonException e) {
      throw new KmsException.Validation("The description of the key is no JSON: " + e.getMessage());
    }
  }

  KeyDescription read() {
    requireKnown(root, MEMBERS);
    return new KeyDescription(
        text("AliasName")
            .map(KeyDescriptionReader::alias)
            .orElseThrow(
                () ->
                    new KmsException.Validation(
                        "The description has no AliasName, which says which key it is of.")),
        choice("KeySpec", CmkSpec.class),
        choice("KeyUsage", KeyUsage.class),
        origin(),
        choice("ProtectionLevel", ProtectionLevel.class),
        flag("MultiRegion"),
        text("Description"),
        policy(),
        node("Tags").map(KeyDescriptionReader::tags),
        rotation(),
        flag("Enabled"));
  }

  private static void requireKnown(ObjectNode node, List<String> known) {
    node.members()
        .forEach(
            (name, member) -> {
              if (!known.contains(name)) {
                throw new KmsException.Validation(
                    member.nameAt().sentenceStart()
                        + ": there is no member \""
                        + name
                        + "\". Known are "
                        + String.join(", ", known)
                        + ".");
              }
            });
  }

  private static Alias alias(String name) {
    try {
      return new Alias(name);
    } catch (IllegalArgumentException e) {
      throw new KmsException.Validation(String.valueOf(e.getMessage()));
    }
  }

  private Optional<KeyOrigin> origin() {
    Optional<KeyOrigin> origin = choice("Origin", KeyOrigin.class);
    if (origin.filter(KeyOrigin.AWS_CLOUDHSM::equals).isPresent()) {
      throw new KmsException.Validation(
          "A key in a custom key store cannot be described. Make it with 'kms create-key --origin"
              + " AWS_CLOUDHSM'.");
    }
    return origin;
  }

  /** A policy may stand there as it is, or as text. */
  private Optional<String> policy() {
    return node("Policy")
        .map(
            node ->
                node instanceof TextNode text
                    ? text.text()
                    : Json.write(object(node, "Policy").toPlain()));
  }

  private Optional<Integer> rotation() {
    Optional<Boolean> enabled = flag("KeyRotationEnabled");
    Optional<Integer> days = node("RotationPeriodInDays").map(KeyDescriptionReader::number);
    if (days.isPresent() && !enabled.orElse(true)) {
      throw new KmsException.Validation(
          "The description has a RotationPeriodInDays, and KeyRotationEnabled false. Leave one out.");
    }
    if (days.isPresent()) {
      return days;
    }
    return enabled.map(rotates -> rotates ? KeyDescription.ANY_PERIOD : 0);
  }

  private static int number(JsonNode node) {
    if (node.toPlain() instanceof Number number
        && number.doubleValue() == number.intValue()
        && number.intValue() > 0) {
      return number.intValue();
    }
    throw wrong(node, "RotationPeriodInDays", "a number of days");
  }

  private static Map<String, String> tags(JsonNode node) {
    if (!(node instanceof JsonNode.ArrayNode list)) {
      throw wrong(node, "Tags", "an array");
    }
    Map<String, String> tags = new TreeMap<>();
    for (JsonNode item : list.items()) {
      ObjectNode tag = object(item, "A tag");
      requireKnown(tag, List.of("TagKey", "TagValue"));
      String key = text(tag, "TagKey").orElseThrow(() -> wrong(tag, "A tag", "with a TagKey"));
      String value =
          text(tag, "TagValue").orElseThrow(() -> wrong(tag, "A tag", "with a TagValue"));
      if (tags.put(key, value) != null) {
        throw new KmsException.Validation(
            item.at().sentenceStart() + ": the tag \"" + key + "\" is there twice.");
      }
    }
    return tags;
  }

  private Optional<JsonNode> node(String name) {
    return Optional.ofNullable(root.members().get(name)).map(JsonNode.Member::value);
  }

  private Optional<String> text(String name) {
    return text(root, name);
  }

  private static Optional<String> text(ObjectNode of, String name) {
    return Optional.ofNullable(of.members().get(name))
        .map(JsonNode.Member::value)
        .map(node -> converted(node, name, "a text", String.class));
  }

  private Optional<Boolean> flag(String name) {
    return node(name).map(node -> converted(node, name, "true or false", Boolean.class));
  }

  private <E extends Enum<E>> Optional<E> choice(String name, Class<E> type) {
    List<String> names = Arrays.stream(type.getEnumConstants()).map(Enum::name).toList();
    return node(name)
        .map(
            node -> {
              String text = converted(node, name, "a text", String.class);
              if (!names.contains(text)) {
                throw wrong(node, name, "one of " + String.join(", ", names));
              }
              return Enum.valueOf(type, text);
            });
  }

  private static <T> T converted(JsonNode node, String name, String wanted, Class<T> type) {
    Object value = node.toPlain();
    if (!type.isInstance(value)) {
      throw wrong(node, name, wanted);
    }
    return type.cast(value);
  }

  private static ObjectNode object(JsonNode node, String name) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw wrong(node, name, "an object");
  }

  private static KmsException wrong(JsonNode node, String name, String wanted) {
    return new KmsException.Validation(
        node.at().sentenceStart()
            + ": "
            + name
            + " must be "
            + wanted
            + ", and not "
            + node.kind()
            + ".");
  }
}
