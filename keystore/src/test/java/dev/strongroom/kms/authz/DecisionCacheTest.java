// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.authz.grant.GrantConstraint;
import dev.strongroom.kms.authz.grant.GrantSet;
import dev.strongroom.kms.authz.request.RequestDetails;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DecisionCacheTest {
  private static final String ALICE = "{\"AWS\":\"arn:aws:iam::111122223333:user/alice\"}";

  private final Identity alice = Callers.alice();

  @Test
  void decisionWithoutConditionsIsMadeOnceForAllContexts() {
    DecisionCache cache = cache(AuthorizerTest.allow(ALICE, "kms:Decrypt"), GrantSet.EMPTY);

    assertSame(decide(cache, Map.of()), decide(cache, Map.of("tenant", "b")));
  }

  @Test
  void decisionThatLookedAtTheContextHoldsForThatContext() {
    DecisionCache cache = cache(conditional("StringEquals", "kms:EncryptionContext:tenant", "a"));

    Decision forA = decide(cache, Map.of("tenant", "a"));
    assertTrue(forA.isAllowed());
    assertFalse(decide(cache, Map.of("tenant", "b")).isAllowed());
    assertSame(forA, decide(cache, Map.of("tenant", "a")));
  }

  @Test
  void decisionThatLookedAtTheTimeIsMadeAnew() {
    DecisionCache cache = cache(conditional("DateLessThan", "aws:CurrentTime", "2030-01-01"));

    Decision first = decide(cache, Map.of());
    assertEquals(first, decide(cache, Map.of()));
    assertNotSame(first, decide(cache, Map.of()));
  }

  @Test
  void grantWithAConstraintIsLookedAtForEachContext() {
    Grant grant = grant("g1", GrantConstraint.containing(EncryptionContext.of(Map.of("a", "1"))));
    DecisionCache cache =
        cache(KeyPolicy.defaultFor(Callers.ACCOUNT).text(), GrantSet.of(List.of(grant)));

    assertFalse(decide(cache, Map.of()).isAllowed());
    assertTrue(decide(cache, Map.of("a", "1", "b", "2")).isAllowed());
    assertFalse(decide(cache, Map.of("a", "2")).isAllowed());
  }

  @Test
  void grantWhoseUsesAreUpIsLeftOut() {
    Grant first = grant("g1", GrantConstraint.NONE);
    Grant second = grant("g2", GrantConstraint.NONE);
    DecisionCache cache =
        cache(KeyPolicy.defaultFor(Callers.ACCOUNT).text(), GrantSet.of(List.of(first, second)));
    decide(cache, Map.of());

    assertEquals("grant g2", decider(cache, Set.of("g1")));
    assertEquals("grant g1", decider(cache, Set.of("g2")));
    assertEquals("", decider(cache, Set.of("g1", "g2")));
  }

  private String decider(DecisionCache cache, Set<String> exhausted) {
    RequestDetails details = RequestDetails.NONE.but().exhausted(exhausted).build();
    return cache
        .decide(alice, Requests.onKey(alice, Operation.DECRYPT, details))
        .decider()
        .orElse("");
  }

  private Decision decide(DecisionCache cache, Map<String, String> context) {
    RequestDetails details = RequestDetails.of(EncryptionContext.of(context));
    return cache.decide(alice, Requests.onKey(alice, Operation.DECRYPT, details));
  }

  private static Grant grant(String id, GrantConstraint constraint) {
    return new Grant(
        id,
        Requests.KEY.id(),
        Callers.ACCOUNT,
        "arn:aws:iam::111122223333:user/alice",
        Optional.empty(),
        Set.of(Operation.DECRYPT),
        constraint,
        "",
        Instant.EPOCH,
        Optional.empty(),
        OptionalLong.empty());
  }

  private static String conditional(String operator, String key, String value) {
    String statement = AuthorizerTest.statement("Allow", ALICE, "\"kms:*\"");
    return AuthorizerTest.document(
        statement.substring(0, statement.length() - 1)
            + ",\"Condition\":{\""
            + operator
            + "\":{\""
            + key
            + "\":\""
            + value
            + "\"}}}");
  }

  private static DecisionCache cache(String policy) {
    return cache(policy, GrantSet.EMPTY);
  }

  private static DecisionCache cache(String policy, GrantSet grants) {
    return new DecisionCache(Authorizer.ofKey(KeyPolicy.parse(policy), Callers.ACCOUNT, grants));
  }
}
