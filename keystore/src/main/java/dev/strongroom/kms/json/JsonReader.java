// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds the nodes of one text from the parser's tokens, and words what is wrong with it. */
final class JsonReader {

  // Names of untrusted texts are neither interned nor collected in a table that outlives them.
  // Depth
  // is counted here, so that the parser's own limit never speaks.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Json.MAX_DEPTH + 2)
                  .maxNumberLength(Json.MAX_NUMBER_CHARS)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final String text;

  JsonReader(String text) {
    this.text = text;
  }

  JsonNode read() throws JsonException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      try {
        if (parser.nextToken() == null) {
          throw new JsonException(new JsonPosition(1, 1), "The text is empty. Write a JSON value.");
        }
        JsonNode node = value(parser, 0);
        if (parser.nextToken() != null) {
          throw new JsonException(
              start(parser), "Something follows the JSON value. End the text after it.");
        }
        return node;
      } catch (StreamConstraintsException e) {
        throw new JsonException(
            position(parser.currentLocation()),
            "A number has more than " + Json.MAX_NUMBER_CHARS + " characters. Shorten it.");
      } catch (JsonEOFException e) {
        throw new JsonException(
            position(parser.currentLocation()),
            "The text ends too early: a value, a quote or a bracket is missing.");
      } catch (IOException e) {
        throw new JsonException(
            position(parser.currentLocation()),
            "This is not JSON. Check the quotes, commas and brackets here.");
      }
    } catch (IOException e) {
      throw new AssertionError("Closing the reader of a text does no I/O", e);
    }
  }

  private JsonNode value(JsonParser parser, int depth) throws IOException, JsonException {
    JsonPosition at = start(parser);
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, at, deeper(at, depth));
      case START_ARRAY -> array(parser, at, deeper(at, depth));
      case VALUE_STRING -> new JsonNode.TextNode(at, parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonNode.LiteralNode(at, number(parser, at));
      case VALUE_TRUE -> new JsonNode.LiteralNode(at, true);
      case VALUE_FALSE -> new JsonNode.LiteralNode(at, false);
      case VALUE_NULL -> new JsonNode.LiteralNode(at, null);
      default -> throw new AssertionError("A value cannot begin with " + parser.currentToken());
    };
  }

  private static int deeper(JsonPosition at, int depth) throws JsonException {
    if (depth == Json.MAX_DEPTH) {
      throw new JsonException(
          at, "Objects and arrays are nested deeper than " + Json.MAX_DEPTH + " levels.");
    }
    return depth + 1;
  }

  private JsonNode object(JsonParser parser, JsonPosition at, int depth)
      throws IOException, JsonException {
    Map<String, JsonNode.Member> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      JsonPosition nameAt = start(parser);
      String name = parser.currentName();
      parser.nextToken();
      if (members.put(name, new JsonNode.Member(nameAt, value(parser, depth))) != null) {
        throw new JsonException(
            nameAt, "The name " + Json.write(name) + " stands twice in one object. Keep one.");
      }
    }
    return new JsonNode.ObjectNode(at, members);
  }

  private JsonNode array(JsonParser parser, JsonPosition at, int depth)
      throws IOException, JsonException {
    List<JsonNode> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(parser, depth));
    }
    return new JsonNode.ArrayNode(at, items);
  }

  private static Object number(JsonParser parser, JsonPosition at)
      throws IOException, JsonException {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      return parser.getLongValue();
    }
    try {
      return new BigDecimal(parser.getText());
    } catch (NumberFormatException e) {
      throw new JsonException(
          at, "The exponent of a number has more than ten digits. Write a smaller one.");
    }
  }

  private static JsonPosition start(JsonParser parser) {
    return position(parser.currentTokenLocation());
  }

  private static JsonPosition position(JsonLocation location) {
    return new JsonPosition(location.getLineNr(), location.getColumnNr());
  }
}
