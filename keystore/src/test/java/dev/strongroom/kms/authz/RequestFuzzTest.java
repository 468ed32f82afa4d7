// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Requests with odd texts in all places are decided and explained, alike, or are no requests.
 * {@code -Dstrongroom.fuzz=10000000} makes more of them.
 */
class RequestFuzzTest {
  private static final int REQUESTS = Integer.getInteger("strongroom.fuzz", 20_000);
  private static final long SEED = Long.getLong("strongroom.fuzz.seed", 1);

  // spotless:off
  private static final String[] ODD = {
    "", " ", "*", "?", "${*}", "${aws:username}", "${", "a\",\"b\":\"", "\\", "\n", "\r\n", "\t", "\u0000", "\u007f", "\u00e9", "e\u0301",
    "\u0130", "\u00df", "\ud83d\udd11", "\ud83d", "\udd11", "\ufeff", "\u202e", "\u2028", "a,b=c", "a:b", "/", "../..", "arn:aws:iam::111122223333:root",
    "arn:aws:iam::111122223333:user/alice", "111122223333", "alias/app", "kms:EncryptionContext:tenant", "tenant", "TENANT", "true", "0x7", "-1", "1e9",
    "2026-11-30T12:00:00Z", "::1/129", "a".repeat(1000), "*a".repeat(30), "%s%n", "<b>", "';--"};
  // spotless:on

  private SplittableRandom random = new SplittableRandom(SEED);

  @Test
  void oddRequestsAreDecidedAndExplainedAlike() {
    int decided = 0;
    for (int i = 0; i < REQUESTS; i++) {
      random = new SplittableRandom(SEED + i);
      Map<String, Object> json = new CaseGenerator(random.nextLong()).next();
      for (int changes = random.nextInt(3); changes >= 0; changes--) {
        alter(json);
      }
      decided += use(json, SEED + i) ? 1 : 0;
    }
    assertTrue(
        decided > REQUESTS / 2 || REQUESTS < 1000, decided + " of " + REQUESTS + " were requests");
  }

  /** Returns whether it was a request. */
  private static boolean use(Map<String, Object> json, long seed) {
    EngineCase odd;
    try {
      odd = new EngineCase(json);
    } catch (IllegalArgumentException e) {
      return false; // No caller, context or alias can be called that.
    }
    try {
      Decision decision = odd.decide();
      if (!odd.isInAccount()) {
        assertEquals(decision, odd.explain().decision());
        assertEquals(decision, odd.decideFromCache());
        assertTrue(odd.explain().text().startsWith(decision.isAllowed() ? "Allowed" : "Refused"));
      }
      return true;
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "-Dstrongroom.fuzz.seed=" + seed + " makes this the first: " + Json.writePretty(json), e);
    }
  }

  private void alter(Map<String, Object> json) {
    switch (random.nextInt(8)) {
      case 0, 1, 2 -> json.put("context", pairs());
      case 3 -> json.put("tags", pairs());
      case 4 -> part(json, "caller").put("tags", pairs());
      case 5 -> part(json, "key").put("tags", pairs());
      case 6 -> json.put("alias", odd());
      default -> part(json, "caller").put(random.nextBoolean() ? "name" : "session", odd());
    }
  }

  @SuppressWarnings("unchecked") // texts are the only names that JSON has
  private static Map<String, Object> part(Map<String, Object> json, String name) {
    Map<String, Object> part =
        new LinkedHashMap<>(
            json.get(name) instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of());
    json.put(name, part);
    return part;
  }

  private Map<String, Object> pairs() {
    Map<String, Object> pairs = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      pairs.put(random.nextInt(3) == 0 ? "tenant" : odd(), odd());
    }
    return pairs;
  }

  private String odd() {
    List<String> parts = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      parts.add(ODD[random.nextInt(ODD.length)]);
    }
    return String.join("", parts);
  }
}
