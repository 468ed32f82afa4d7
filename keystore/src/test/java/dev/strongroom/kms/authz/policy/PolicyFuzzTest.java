// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.authz.policy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.request.AccessRequest;
import dev.strongroom.kms.authz.request.FactReader;
import dev.strongroom.kms.authz.request.Principal;
import dev.strongroom.kms.authz.request.RequestDetails;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Changed samples are policies or refused in documented ways, quickly, and what is read can be
 * asked. {@code -Dstrongroom.fuzz=10000000} makes more of them.
 */
class PolicyFuzzTest {
  private static final int TEXTS = Integer.getInteger("strongroom.fuzz", 20_000);
  private static final long SEED = Long.getLong("strongroom.fuzz.seed", 1);
  private static final long LIMIT_NANOS = Duration.ofMillis(100).toNanos();
  private static final List<Samples.Sample> SAMPLES =
      Stream.of(Samples.all(), Samples.ofCases()).flatMap(List::stream).toList();

  private static final PolicyMutator MUTATOR =
      new PolicyMutator(SAMPLES.stream().map(Samples.Sample::text).toList());

  private static final Principal ALICE =
      Principal.user("111122223333", "alice", "AIDAALICE0000001", Map.of());
  private static final AccessRequest REQUEST =
      AccessRequest.inAccount(
          ALICE,
          Operation.CREATE_KEY,
          "arn:aws:kms:eu-1:111122223333:key/1234abcd",
          RequestDetails.NONE,
          Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

  private boolean wasRead;

  @Test
  void changedPoliciesAreReadOrRefused() {
    int read = 0;
    for (int i = 0; i < TEXTS; i++) {
      SplittableRandom random = new SplittableRandom(SEED + i);
      int sample = random.nextInt(SAMPLES.size());
      String text = MUTATOR.mutated(sample, random);
      try {
        read += isRead(SAMPLES.get(sample).kind(), text) ? 1 : 0;
      } catch (RuntimeException | StackOverflowError | AssertionError e) {
        throw new AssertionError(
            "-Dstrongroom.fuzz.seed=" + (SEED + i) + " makes this the first text: " + text, e);
      }
    }
    assertTrue((read > TEXTS / 50 && read < TEXTS) || TEXTS < 1000, read + " of " + TEXTS);
  }

  private boolean isRead(PolicyKind kind, String text) {
    long nanos = use(kind, text);
    for (int again = 0; nanos > LIMIT_NANOS && again < 10; again++) {
      // A busy machine is slow at times; a text that is slow is so each time.
      nanos = use(kind, text);
    }
    assertTrue(nanos <= LIMIT_NANOS, nanos + " ns");
    return wasRead;
  }

  /** Returns how long a text takes to read and to ask, or to refuse. */
  private long use(PolicyKind kind, String text) {
    long start = System.nanoTime();
    wasRead = false;
    try {
      ask(Policy.parse(kind, "", text));
      wasRead = true;
    } catch (KmsException.MalformedPolicyDocument e) {
      String message = String.valueOf(e.getMessage());
      assertTrue(message.startsWith("Line "), message);
    } catch (KmsException.LimitExceeded e) {
      assertTrue(kind.length(text) > kind.limit());
    }
    if (!wasRead) {
      ask(Policy.stored(kind, "", text));
    }
    return System.nanoTime() - start;
  }

  private static void ask(Policy policy) {
    FactReader facts = new FactReader(REQUEST);
    for (Statement statement : policy.statements()) {
      statement.names(ALICE);
      statement.includes(ALICE);
      statement.isAbout(REQUEST.resource(), facts);
      statement.conditionsHold(facts);
    }
  }
}
