// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.policy;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.json.Json;
import dev.strongroom.kms.json.JsonNode;
import dev.strongroom.kms.json.JsonNode.ArrayNode;
import dev.strongroom.kms.json.JsonNode.LiteralNode;
import dev.strongroom.kms.json.JsonNode.Member;
import dev.strongroom.kms.json.JsonNode.ObjectNode;
import dev.strongroom.kms.json.JsonNode.TextNode;
import dev.strongroom.kms.json.JsonPosition;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes JSON values as what they must be; refusals name the place and what is allowed. */
final class Nodes {
  private Nodes() {}

  static void checkNames(String where, ObjectNode node, List<String> allowed) {
    for (Map.Entry<String, Member> member : node.members().entrySet()) {
      if (!allowed.contains(member.getKey())) {
        throw malformed(
            member.getValue().nameAt(),
            Json.write(member.getKey())
                + " cannot stand in "
                + where
                + ". Allowed: "
                + String.join(", ", allowed)
                + ".");
      }
    }
  }

  static @Nullable JsonNode optional(ObjectNode node, String name) {
    Member member = node.members().get(name);
    return member == null ? null : member.value();
  }

  static JsonNode required(String where, ObjectNode node, String name) {
    JsonNode found = optional(node, name);
    if (found == null) {
      throw malformed(node.at(), name + " is missing in " + where + ".");
    }
    return found;
  }

  /** One of two elements that a statement has: the plain one or its opposite. */
  record Choice(JsonNode node, boolean isNot) {}

  /** Returns which of an element and its opposite a statement has; it must be one of them. */
  static Choice either(ObjectNode statement, String name) {
    JsonNode plain = optional(statement, name);
    Member not = statement.members().get("Not" + name);
    if (plain != null && not != null) {
      throw malformed(
          not.nameAt(), "A statement has " + name + " or Not" + name + ", not both. Keep one.");
    }
    if (not != null) {
      return new Choice(not.value(), true);
    }
    return new Choice(required("a statement", statement, name), false);
  }

  /** Returns the text of a member; empty where there is none. */
  static String optionalText(ObjectNode node, String name) {
    JsonNode found = optional(node, name);
    return found == null ? "" : text(name, found);
  }

  static String text(String what, JsonNode node) {
    if (!(node instanceof TextNode word)) {
      throw malformed(node.at(), what + " must be a text, not " + node.kind() + ".");
    }
    return word.text();
  }

  /** Returns a text, a number or a boolean as text: values of conditions can be any of them. */
  static String scalar(String what, JsonNode node) {
    if (node instanceof LiteralNode literal && literal.value() != null) {
      Object value = literal.value();
      return value instanceof BigDecimal number ? digits(number) : String.valueOf(value);
    }
    return text(what, node);
  }

  /** Written out only where that is short: 1E999999999 has as many digits as it says. */
  private static String digits(BigDecimal number) {
    return Math.abs(number.scale()) > 38 ? number.toString() : number.toPlainString();
  }

  static ObjectNode object(String what, JsonNode node) {
    if (!(node instanceof ObjectNode object)) {
      throw malformed(node.at(), what + " must be an object, not " + node.kind() + ".");
    }
    return object;
  }

  /** Returns the items of an array, or the node itself: the language lets a list of one be bare. */
  static List<JsonNode> listOf(JsonNode node) {
    if (!(node instanceof ArrayNode array)) {
      return List.of(node);
    }
    if (array.items().isEmpty()) {
      throw malformed(node.at(), "This list is empty. Name at least one.");
    }
    return array.items();
  }

  static KmsException.MalformedPolicyDocument malformed(JsonPosition at, String message) {
    return new KmsException.MalformedPolicyDocument(at.sentenceStart() + ": " + message);
  }
}
