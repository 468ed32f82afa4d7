// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;

class JsonPropertyTest {

  @Property(tries = 3000)
  void anyTextIsAValueOrOneRefusalWithAPlace(
      @ForAll
          @Chars({'{', '}', '[', ']', '"', ',', ':', '\\', 'u', 't', ' ', '\n'})
          @CharRange(from = '0', to = '9')
          @StringLength(max = 40)
          String text) {
    try {
      Object value = Json.parse(text, 40);
      assertEquals(value, Json.parse(Json.writePretty(value), 10_000));
    } catch (JsonException e) {
      assertTrue(e.getMessage().startsWith("Line "), e.getMessage());
    }
  }
}
