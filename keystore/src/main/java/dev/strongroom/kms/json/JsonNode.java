// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.json;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON value that knows where it stands, for messages that have to say so. */
public sealed interface JsonNode {

  /** Returns the place of the value's first character. */
  JsonPosition at();

  /** Returns the value as {@link Json#parse} does. */
  @Nullable Object toPlain();

  /** Returns what kind of value it is, for messages: {@code an object}. */
  String kind();

  /**
   * An object.
   *
   * @param members in the order of the text
   */
  record ObjectNode(JsonPosition at, Map<String, Member> members) implements JsonNode {
    public ObjectNode {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    @Override
    public Map<String, @Nullable Object> toPlain() {
      Map<String, @Nullable Object> plain = new LinkedHashMap<>();
      members.forEach((name, member) -> plain.put(name, member.value().toPlain()));
      return plain;
    }

    @Override
    public String kind() {
      return "an object";
    }
  }

  /**
   * A named value of an object.
   *
   * @param nameAt the place of the name's opening quote
   */
  record Member(JsonPosition nameAt, JsonNode value) {}

  /** An array. */
  record ArrayNode(JsonPosition at, List<JsonNode> items) implements JsonNode {
    public ArrayNode {
      items = List.copyOf(items);
    }

    @Override
    public List<@Nullable Object> toPlain() {
      List<@Nullable Object> plain = new ArrayList<>();
      items.forEach(item -> plain.add(item.toPlain()));
      return plain;
    }

    @Override
    public String kind() {
      return "an array";
    }
  }

  /** A text. */
  record TextNode(JsonPosition at, String text) implements JsonNode {
    @Override
    public String toPlain() {
      return text;
    }

    @Override
    public String kind() {
      return "a text";
    }
  }

  /**
   * A number, {@code true}, {@code false} or {@code null}.
   *
   * @param value a Long, BigDecimal or Boolean; null for {@code null}
   */
  record LiteralNode(JsonPosition at, @Nullable Object value) implements JsonNode {
    @Override
    public @Nullable Object toPlain() {
      return value;
    }

    @Override
    public String kind() {
      return value instanceof Number ? "a number" : String.valueOf(value);
    }
  }
}
