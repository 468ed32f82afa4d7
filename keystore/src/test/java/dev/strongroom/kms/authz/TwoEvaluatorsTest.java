// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.json.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The product's evaluator and the naive one on generated policies and requests. {@code
 * -Dauthz.pairs=1000000} makes more of them, {@code -Dauthz.seed} others.
 */
class TwoEvaluatorsTest {
  private static final int PAIRS = Integer.getInteger("authz.pairs", 20_000);
  private static final long SEED = Long.getLong("authz.seed", 1);

  @Test
  void bothDecideAlike() {
    int allowed = 0;
    for (int i = 0; i < PAIRS; i++) {
      // One seed each: a difference can be looked at alone.
      long seed = SEED * 1_000_000_000L + i;
      Map<String, Object> json = new CaseGenerator(seed).next();
      EngineCase engine = new EngineCase(json);
      boolean expected = new NaiveEvaluator(json).isAllowed();

      Decision decision = engine.decide();

      if (decision.isAllowed() != expected) {
        assertEquals(
            expected, decision.isAllowed(), "seed " + seed + ": " + Json.writePretty(json));
      }
      if (!engine.isInAccount()) {
        assertEquals(decision, engine.decideFromCache(), () -> "cache, seed " + seed);
      }
      allowed += expected ? 1 : 0;
    }
    // Both answers must be common, or the comparison would say little.
    assertTrue(allowed > PAIRS / 10 && allowed < PAIRS * 9 / 10, allowed + " of " + PAIRS);
  }
}
