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
import org.junit.jupiter.api.Test;

/**
 * Changed samples are policies or refused, quickly, and what is read can be asked. {@code
 * -Dauthz.fuzz=10000000} makes more of them.
 */
class PolicyFuzzTest {
  private static final int TEXTS = Integer.getInteger("authz.fuzz", 20_000);
  private static final long LIMIT_NANOS = Duration.ofMillis(100).toNanos();
  private static final List<Samples.Sample> SAMPLES = Samples.all();

  // spotless:off
  private static final String[] PIECES = {
    "{", "}", "[", "]", "\"", ",", ":", "*", "?", "${", "}", "${aws:username}", "${x, 'y'}", "\\u0000", "\\", "null", "true", "1e999999999",
    "99999999999999999999", "-0.5", "[[[[[[[[", "\"Statement\":", "\"Deny\"", "\"NotPrincipal\":", "\"NotResource\":", "\"Condition\":",
    "\"ForAllValues:\"", "\"IfExists\"", "\"Null\"", "\"StringLike\"", "\"IpAddress\"", "\"::1/129\"", "\"2026-13-45T99:99:99Z\"",
    "arn:aws:iam::111122223333:", "*a*a*a*a*a*a*a*a*a*a*a*", "kms:", "\u00e9", "\u20ac", "\ud800", "\t", "\n", "/**/"};
  // spotless:on

  private boolean wasRead;

  @Test
  void changedPoliciesAreReadOrRefused() {
    SplittableRandom random = new SplittableRandom(Long.getLong("authz.seed", 1));
    int read = 0;
    for (int i = 0; i < TEXTS; i++) {
      Samples.Sample sample = SAMPLES.get(random.nextInt(SAMPLES.size()));
      String text = mutated(sample.text(), random);
      long nanos = use(sample.kind(), text);
      for (int again = 0; nanos > LIMIT_NANOS && again < 10; again++) {
        // A busy machine is slow at times; a text that is slow is so each time.
        nanos = use(sample.kind(), text);
      }
      assertTrue(nanos <= LIMIT_NANOS, nanos + " ns for: " + text);
      read += wasRead ? 1 : 0;
    }
    assertTrue(read > TEXTS / 50 && read < TEXTS, read + " of " + TEXTS + " were read");
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
    ask(Policy.stored(kind, "", text));
    return System.nanoTime() - start;
  }

  private static void ask(Policy policy) {
    Principal alice = Principal.user("111122223333", "alice", "AIDAALICE0000001", Map.of());
    FactReader facts =
        new FactReader(
            AccessRequest.inAccount(
                alice,
                Operation.CREATE_KEY,
                "arn:aws:kms:eu-1:111122223333:key/1234abcd",
                RequestDetails.NONE,
                Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)));
    for (Statement statement : policy.statements()) {
      statement.names(alice);
      statement.includes(alice);
      statement.isAbout(facts.request().resource(), facts);
      statement.conditionsHold(facts);
    }
  }

  private static String mutated(String text, SplittableRandom random) {
    StringBuilder changed = new StringBuilder(text);
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(changed.length());
      int length = Math.min(random.nextInt(12), changed.length() - at);
      switch (random.nextInt(6)) {
        case 0 -> changed.delete(at, at + length);
        case 1 -> changed.insert(at, PIECES[random.nextInt(PIECES.length)]);
        case 2 -> changed.replace(at, at + length, PIECES[random.nextInt(PIECES.length)]);
        case 3 -> changed.setCharAt(at, (char) (32 + random.nextInt(95)));
        case 4 -> changed.insert(at, part(changed, random));
        default ->
            changed.insert(
                at, PIECES[random.nextInt(PIECES.length)].repeat(1 + random.nextInt(40)));
      }
    }
    return changed.toString();
  }

  private static String part(StringBuilder text, SplittableRandom random) {
    int from = random.nextInt(text.length());
    return text.substring(from, Math.min(text.length(), from + random.nextInt(200)));
  }
}
