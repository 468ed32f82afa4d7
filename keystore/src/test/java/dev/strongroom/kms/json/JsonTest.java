// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private static final int ENOUGH = 1_000_000;

  @Test
  void textsBecomePlainValuesInTheirOrder() throws JsonException {
    Object value =
        Json.parse("{\"b\": [1, -2, 2.50, true, false, null, \"x\"], \"a\": {}}", ENOUGH);

    assertEquals("{\"b\":[1,-2,2.50,true,false,null,\"x\"],\"a\":{}}", Json.write(value));
    assertEquals(
        Map.of(
            "b",
            Arrays.asList(1L, -2L, new BigDecimal("2.50"), true, false, null, "x"),
            "a",
            Map.of()),
        value);
  }

  @Test
  void wholeNumbersThatDoNotFitALongKeepTheirDigits() throws JsonException {
    assertEquals(Long.MIN_VALUE, Json.parse("-9223372036854775808", ENOUGH));
    assertEquals(new BigDecimal("9223372036854775808"), Json.parse("9223372036854775808", ENOUGH));
  }

  @Test
  void prettyTextLooksLikeTheAwsCli() {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("KeyId", "k");
    value.put("Keys", List.of(Map.of("Limit", 7), "x"));
    value.put("None", List.of());
    value.put("Nothing", Map.of());

    assertEquals(
        """
        {
            "KeyId": "k",
            "Keys": [
                {
                    "Limit": 7
                },
                "x"
            ],
            "None": [],
            "Nothing": {}
        }""",
        Json.writePretty(value));
  }

  @Test
  void everyCharacterSurvivesWritingAndReading() throws JsonException {
    StringBuilder all = new StringBuilder();
    for (int c = 0; c <= 0x1ffff; c++) {
      all.appendCodePoint(c);
    }
    String text = all.toString();

    assertEquals(text, Json.parse(Json.write(text), ENOUGH));
    assertEquals(text, Json.parse(Json.writePretty(text), ENOUGH));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n", "\r", "\u0000", "\u001b", "\u007f", "\u009b", "\u2028", "\u2029", "\u202e", "\u2066",
        "\ufeff", "\ud800", "\udc00"
      })
  void whatActsOnATerminalOrBreaksALineIsEscaped(String character) {
    String written = Json.write(List.of(character));

    assertTrue(written.chars().allMatch(c -> c >= 0x20 && c < 0x7f), written);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1,\"a\":2} | Line 1, column 8: The name \"a\" stands twice",
        "{\"a\":1,}        | Line 1, column 9: This is not JSON",
        "[1,]              | Line 1, column 5: This is not JSON",
        "[1                | The text ends too early",
        "\"abc             | The text ends too early",
        "{} x              | This is not JSON",
        "{} {}             | Line 1, column 4: Something follows",
        "// no             | This is not JSON",
        "{'a':1}           | This is not JSON",
        "{a:1}             | This is not JSON",
        "01                | This is not JSON",
        "NaN               | This is not JSON",
        "tru               | This is not JSON",
        "1e99999999999     | Line 1, column 1: The exponent of a number has more than ten digits",
        "\ufeff{}          | This is not JSON",
        "``                | The text is empty",
      })
  void whatIsNotStrictJsonIsRefusedWithItsPlace(String text, String message) {
    JsonException refusal =
        assertThrows(JsonException.class, () -> Json.parse(text == null ? "" : text, ENOUGH));

    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }

  @Test
  void controlCharactersInsideTextsAreRefused() {
    assertThrows(JsonException.class, () -> Json.parse("\"a\nb\"", ENOUGH));
    assertThrows(JsonException.class, () -> Json.parse("\"a\u0000b\"", ENOUGH));
  }

  @Test
  void nestingEndsAtTheLimit() throws JsonException {
    assertInstanceOf(List.class, Json.parse("[".repeat(32) + "]".repeat(32), ENOUGH));

    JsonException refusal =
        assertThrows(
            JsonException.class, () -> Json.parse("[".repeat(33) + "]".repeat(33), ENOUGH));
    assertEquals(
        "Line 1, column 33: Objects and arrays are nested deeper than 32 levels.",
        refusal.getMessage());
  }

  @Test
  void longNumbersAreRefused() throws JsonException {
    assertEquals(new BigDecimal("9".repeat(64)), Json.parse("9".repeat(64), ENOUGH));

    for (String number : Arrays.asList("9".repeat(65), "0." + "1".repeat(70))) {
      JsonException refusal =
          assertThrows(JsonException.class, () -> Json.parse("[" + number + "]", ENOUGH));
      assertTrue(refusal.getMessage().contains("64 characters"), refusal.getMessage());
    }
  }

  @Test
  void longTextsAreRefusedUnread() {
    JsonException refusal = assertThrows(JsonException.class, () -> Json.parse("[1,2]", 4));

    assertEquals(
        "Line 1, column 1: The text is 5 characters long; at most 4 may be.", refusal.getMessage());
  }

  @Test
  void nodesKnowTheirPlaces() throws JsonException {
    JsonNode node = Json.parseNode("{\n  \"a\": [\n    true]\n}", ENOUGH);

    JsonNode.Member member = ((JsonNode.ObjectNode) node).members().values().iterator().next();
    assertEquals(new JsonPosition(2, 3), member.nameAt());
    assertEquals(new JsonPosition(2, 8), member.value().at());
    assertEquals(new JsonPosition(3, 5), ((JsonNode.ArrayNode) member.value()).items().get(0).at());
  }

  @Test
  void otherTypesAreNotWritten() {
    assertThrows(IllegalArgumentException.class, () -> Json.write(1.5));
    assertThrows(IllegalArgumentException.class, () -> Json.write(Map.of(1, "x")));
  }
}
