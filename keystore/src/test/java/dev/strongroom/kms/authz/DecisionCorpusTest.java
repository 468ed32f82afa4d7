// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Named.named;

import dev.strongroom.kms.json.JsonException;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of AWS one by one: {@code decisions.json} says each with its source. */
class DecisionCorpusTest {

  static Stream<Named<Map<String, Object>>> cases() throws IOException, JsonException {
    return CaseFile.read("decisions.json").stream()
        .map(json -> named(String.valueOf(json.get("rule")), json));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void ruleHolds(Map<String, Object> json) {
    Decision decision = new EngineCase(json).decide();

    assertEquals(json.get("expect"), decision.isAllowed() ? "allow" : "deny", decision.toString());
    String by = NaiveJson.text(json, "by", "");
    assertTrue(decision.decider().orElse("").contains(by), decision.toString());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void naiveEvaluatorAgrees(Map<String, Object> json) {
    assertEquals("allow".equals(json.get("expect")), new NaiveEvaluator(json).isAllowed());
  }

  /** What would allow a refused request is not nothing, and an allowed one needs nothing. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void explanationSaysTheSame(Map<String, Object> json) {
    EngineCase engine = new EngineCase(json);
    if (!engine.isInAccount()) {
      Explanation explanation = engine.explain();

      assertEquals(engine.decide(), explanation.decision());
      boolean couldBeAllowed =
          engine.isOfKeyAccount() || !NaiveJson.text(json, "rule", "").contains("may not");
      assertEquals(
          !explanation.decision().isAllowed() && couldBeAllowed,
          !explanation.changes().isEmpty(),
          explanation.text());
    }
  }

  @Test
  void casesAreManyAndEachHasItsOwnRule() throws IOException, JsonException {
    List<Map<String, Object>> cases = CaseFile.read("decisions.json");
    Set<Object> rules = new HashSet<>();
    cases.forEach(json -> rules.add(json.get("rule")));

    assertTrue(cases.size() >= 150);
    assertEquals(cases.size(), rules.size());
  }
}
