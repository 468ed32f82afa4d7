// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.HsmUri;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.pkcs11.Pkcs11Hsm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults of a token and of its module under an HSM in use, which goes on without a new JVM. */
final class SelfHealTest {
  private static final byte[] DATA = new byte[32];

  @TempDir Path folder;

  private SoftHsmToken token() throws IOException {
    return SoftHsmToken.in(Files.createDirectory(folder.resolve("t" + System.nanoTime()))).select();
  }

  private FaultyModule faulty() throws IOException {
    return FaultyModule.before(
        token(), Files.createDirectory(folder.resolve("f" + System.nanoTime())));
  }

  private static Pkcs11Hsm open(HsmUri.Pkcs11 uri) {
    return Pkcs11Hsm.open(uri, Set.of());
  }

  private static DomainKey make(Hsm hsm) {
    return hsm.createDomainKey(HsmContract.newId(), WrapPolicy.OPEN);
  }

  /** Runs what other code does to the module between two calls, neither of which may fail. */
  private void assertUnnoticed(Runnable between, Hsm hsm) {
    DomainKey domain = make(hsm);
    byte[] before = domain.hmac(DATA);
    byte[] body = domain.generate(BackingKeySpec.SECRET_256).body();

    between.run();

    assertArrayEquals(before, domain.hmac(DATA));
    domain.unwrap(BackingKeySpec.SECRET_256, body).close();
    assertEquals(32, hsm.random(32).length);
  }

  @Test
  void restartOfTheLibraryByOtherCodeIsNotNoticed() throws IOException {
    SoftHsmToken token = token();
    try (Hsm hsm = open(token.uri())) {
      assertUnnoticed(new OtherCode(token.module())::restart, hsm);
    }
  }

  @Test
  void logoutByOtherCodeIsNotNoticed() throws IOException {
    SoftHsmToken token = token();
    try (Hsm hsm = open(token.uri())) {
      assertUnnoticed(new OtherCode(token.module())::logout, hsm);
    }
  }

  @Test
  void lossOfAllSessionsIsNotNoticed() throws IOException {
    SoftHsmToken token = token();
    try (Hsm hsm = open(token.uri())) {
      assertUnnoticed(new OtherCode(token.module())::closeAllSessions, hsm);
    }
  }

  @Test
  void everyFaultThatIsOverLeavesNothingBehind() throws IOException {
    FaultyModule module = faulty();
    try (Hsm hsm = open(module.uri())) {
      DomainKey domain = make(hsm);
      byte[] before = domain.hmac(DATA);
      for (String function : List.of("C_SignInit", "C_Sign", "C_GenerateRandom")) {
        for (String code : List.of("0x30", "0x32", "0xE0", "0x190", "0xB0", "0x101", "0x60")) {
          module.fail(function + " " + code);
          HsmException e =
              assertThrows(
                  HsmException.class,
                  () -> {
                    domain.hmac(DATA);
                    hsm.random(32);
                  });
          assertTrue(e instanceof HsmException.Unavailable, function + " " + code + ": " + e);

          module.fail();

          assertArrayEquals(before, domain.hmac(DATA), function + " " + code);
          assertEquals(32, hsm.random(32).length);
        }
      }
    }
  }

  @Test
  void callerWaitsForASessionThatOthersHave() throws Exception {
    FaultyModule module = faulty();
    try (Hsm hsm = open(module.uri("&x-max-sessions=8"))) {
      DomainKey domain = make(hsm);
      OtherCode other = new OtherCode(module.token().module());
      other.closeAllSessions();
      module.fail("C_OpenSession 0xB1");
      ExecutorService thread = Executors.newSingleThreadExecutor();
      try {
        Future<byte[]> waiting = thread.submit(() -> domain.hmac(DATA));
        Thread.sleep(200);

        module.fail();

        assertEquals(32, waiting.get().length);
      } finally {
        thread.shutdown();
      }
    }
  }

  @Test
  void callThatHangsIsGivenUpAndTheTokenUsedWhenItAnswers() throws Exception {
    FaultyModule module = faulty();
    try (Hsm hsm = open(module.uri("&x-call-timeout=1"))) {
      DomainKey domain = make(hsm);
      byte[] before = domain.hmac(DATA);

      module.fail("C_Sign sleep 6000");

      long start = System.nanoTime();
      var failure = assertThrows(HsmException.Unavailable.class, () -> domain.hmac(DATA));
      assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 2500);
      assertTrue(String.valueOf(failure.getMessage()).contains("has not answered for 1 s"));
      start = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        assertThrows(HsmException.Unavailable.class, () -> hsm.random(32));
      }
      assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 1000);

      module.fail();

      start = System.nanoTime();
      byte[] after = null;
      while (after == null && System.nanoTime() - start < Duration.ofSeconds(10).toNanos()) {
        try {
          after = domain.hmac(DATA);
        } catch (HsmException.Unavailable e) {
          Thread.sleep(20);
        }
      }
      long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
      System.out.println("figure: a token that hung is used again after " + millis + " ms");
      assertArrayEquals(before, after);
    }
  }

  @Test
  void absentTokenIsLookedForLessAndLessOftenAndByOneCallerForAll() throws Exception {
    SoftHsmToken token = token();
    try (Hsm hsm = open(token.uri())) {
      DomainKey domain = make(hsm);
      byte[] before = domain.hmac(DATA);
      token.takeAway();
      for (int i = 0; i < 8; i++) {
        assertThrows(HsmException.Unavailable.class, () -> domain.hmac(DATA));
      }
      ExecutorService threads = Executors.newFixedThreadPool(8);
      try {
        List<Future<Long>> waits = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          waits.add(threads.submit(() -> failureMillis(domain)));
        }
        long longest = 0;
        for (Future<Long> wait : waits) {
          longest = Math.max(longest, wait.get());
        }
        assertTrue(longest >= 200, "no pause: " + longest + " ms");
        assertTrue(longest < 1000, "one after the other: " + longest + " ms");
      } finally {
        threads.shutdown();
      }

      token.bringBack();

      assertArrayEquals(before, domain.hmac(DATA));
    }
  }

  private static long failureMillis(DomainKey domain) {
    long start = System.nanoTime();
    assertThrows(HsmException.Unavailable.class, () -> domain.hmac(DATA));
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }
}
