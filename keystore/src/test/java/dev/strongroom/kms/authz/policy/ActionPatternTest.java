// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Operation;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActionPatternTest {

  @ParameterizedTest
  @EnumSource(Operation.class)
  void everyOperationIsItsOwnActionInAnyCase(Operation operation) {
    ActionPattern pattern = pattern(operation.action().toUpperCase(Locale.ROOT));

    assertTrue(pattern.isKnown());
    assertEquals(Set.of(operation), pattern.operations());
  }

  @Test
  void starMeansEveryOperationOfEveryService() {
    assertEquals(EnumSet.allOf(Operation.class), pattern("*").operations());
    assertEquals(EnumSet.allOf(Operation.class), pattern("*:*").operations());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "kms", "kms:", ":Decrypt", "k*s:Decrypt", "kms:De crypt", "kms:a:b"})
  void textsOfAnotherFormAreNoActions(String text) {
    assertNull(ActionPattern.parse(text));
  }

  private static ActionPattern pattern(String text) {
    ActionPattern pattern = ActionPattern.parse(text);
    assertNotNull(pattern);
    return pattern;
  }
}
