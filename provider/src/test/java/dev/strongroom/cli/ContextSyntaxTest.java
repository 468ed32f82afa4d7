// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContextSyntaxTest {

  @Test
  void pairsAreSeparatedByCommas() {
    assertEquals(Map.of("a", "b", "c", "d=e"), parse("a=b,c=d=e"));
  }

  @Test
  void jsonCarriesWhatPairsCannot() {
    assertEquals(Map.of("a,b", "c=d", "é", ""), parse(" {\"a,b\":\"c=d\", \"é\":\"\"}"));
  }

  @Test
  void valueMayBeEmpty() {
    assertEquals(Map.of("a", ""), parse("a="));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "=b",
        "a=b,",
        "a=b,a=c",
        "{",
        "{\"a\":1}",
        "{\"a\":null}",
        "{\"a\":\"b\",\"a\":\"c\"}",
        "{\"\":\"b\"}",
        "{\"a\":\"b\"} x"
      })
  void anythingElseIsRefused(String text) {
    assertThrows(UsageError.class, () -> parse(text));
  }

  private static Map<String, String> parse(String text) {
    return ContextSyntax.parse("--encryption-context", text).pairs();
  }
}
