// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Asks for forbidden and for unknown keys in turn and ranks all the times: where they come from one
 * distribution, a forbidden key is slower than an unknown one half of the times.
 *
 * <p>With {@link #PAIRS} pairs of times the rate is then off by 0.15 in one of 100,000 rounds. A
 * machine that is busy just as one of the two is asked for can put a round off by more, so the best
 * of {@link #ROUNDS} decides; a real difference is there in each of them. One that puts the rate
 * off by 0.25 passes in one of 200 runs; without the pace it is off by 0.34 to 0.5.
 */
class RefusalTimeTest {
  private static final int PAIRS = 150;
  private static final int ROUNDS = 3;
  private static final double MOST_OFF = 0.15;
  private static final EncryptionAlgorithm SYMMETRIC = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  private static final KeyId UNKNOWN = KeyId.parse("00000000-0000-4000-8000-000000000000");

  private final Path home;
  private KmsFixture fixture;
  private Kms kms;
  private Caller eve;
  private KeyId forbidden;

  RefusalTimeTest(@TempDir Path home) {
    this.home = home;
  }

  @BeforeEach
  void open() {
    fixture = KmsFixture.in(home);
    kms = fixture.kms();
    eve = fixture.user("eve");
    forbidden = fixture.symmetricKey();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aliasOfAForbiddenKeyCannotBeToldByTime() {
    Alias alias = new Alias("alias/forbidden");
    fixture.key(CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).withAlias(alias));

    assertAlike(alias, new Alias("alias/unknowns"), key -> kms.describeKey(eve, key));
  }

  @Test
  void grantTokensTellNothingAboutKeysByTime() {
    Caller presenting = eve.presenting(List.of("x"));

    assertAlike(forbidden, UNKNOWN, key -> kms.describeKey(presenting, key));
  }

  @Test
  void grantsWithANameTellNothingAboutKeysByTime() {
    assertAlike(
        forbidden,
        UNKNOWN,
        key ->
            kms.createGrant(
                eve,
                CreateGrantRequest.of(key, eve.arn(), Set.of(Operation.DECRYPT)).withName("once")));
  }

  @Test
  void retiringTellsNothingAboutKeysByTime() {
    assertAlike(forbidden, UNKNOWN, key -> kms.retireGrant(eve, key, "0".repeat(64)));
  }

  @Test
  void reEncryptingTellsNothingAboutKeysByTime() {
    byte[] ciphertext =
        kms.encrypt(fixture.root(), forbidden, SYMMETRIC, new byte[1], EncryptionContext.EMPTY)
            .ciphertextBlob();

    assertAlike(
        forbidden,
        UNKNOWN,
        key ->
            kms.reEncrypt(
                eve,
                ciphertext,
                new ReEncryptRequest(
                    Optional.of(key),
                    SYMMETRIC,
                    EncryptionContext.EMPTY,
                    key,
                    SYMMETRIC,
                    EncryptionContext.EMPTY)));
  }

  private void assertAlike(KeyRef known, KeyRef unknown, Consumer<KeyRef> call) {
    List<Double> rates = new ArrayList<>();
    do {
      rates.add(round(known, unknown, call));
    } while (rates.size() < ROUNDS && isOff(rates.get(rates.size() - 1)));
    assertFalse(isOff(rates.get(rates.size() - 1)), "forbidden is slower in " + rates);
  }

  private static boolean isOff(double rate) {
    return Math.abs(rate - 0.5) >= MOST_OFF;
  }

  /** Returns how often the known key was slower, of all pairs of times. */
  private static double round(KeyRef known, KeyRef unknown, Consumer<KeyRef> call) {
    long[] ofKnown = new long[PAIRS];
    long[] ofUnknown = new long[PAIRS];
    for (int i = -20; i < PAIRS; i++) {
      // Whoever is first finds caches and branch predictors in another state.
      boolean knownFirst = (i & 1) == 0;
      long one = refusalNanos(call, knownFirst ? known : unknown);
      long other = refusalNanos(call, knownFirst ? unknown : known);
      if (i >= 0) {
        ofKnown[i] = knownFirst ? one : other;
        ofUnknown[i] = knownFirst ? other : one;
      }
    }
    return rateOfSlower(ofKnown, ofUnknown);
  }

  private static long refusalNanos(Consumer<KeyRef> call, KeyRef key) {
    long start = System.nanoTime();
    KmsException refusal = assertThrows(KmsException.class, () -> call.accept(key));
    long end = System.nanoTime();
    assertTrue(
        refusal instanceof KmsException.AccessDenied
            || refusal instanceof KmsException.InvalidGrantToken,
        refusal::toString);
    return end - start;
  }

  /** Returns the Mann-Whitney statistic as a rate: how often a time of one is above the other's. */
  private static double rateOfSlower(long[] ones, long[] others) {
    double slower = 0;
    for (long one : ones) {
      for (long other : others) {
        slower += one > other ? 1 : one == other ? 0.5 : 0;
      }
    }
    return slower / ((double) ones.length * others.length);
  }
}
