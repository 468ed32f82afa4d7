// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HashAlgorithm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.cluster.ClusterHsm;
import dev.strongroom.hsm.pkcs11.Pkcs11Hsm;
import dev.strongroom.hsm.transport.TransportKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three SoftHSM2 tokens as one HSM, of which members fail. */
final class ClusterTest {
  private static final byte[] DATA = new byte[32];
  private static final BackingKeySpec SECRET = BackingKeySpec.SECRET_256;

  private final Tokens tokens;

  ClusterTest(@TempDir Path folder) throws IOException {
    tokens = Tokens.in(folder, 3);
  }

  private ClusterHsm open() {
    return tokens.open(0, 1, 2);
  }

  private static DomainKey make(ClusterHsm cluster) {
    return cluster.createDomainKey(HsmContract.newId(), WrapPolicy.OPEN);
  }

  private static byte[] hmac(DomainKey key, byte[] body) {
    try (BackingKey opened = key.unwrap(SECRET, body)) {
      return opened.hmac(HashAlgorithm.SHA_256, DATA);
    }
  }

  @Test
  void domainKeyIsMadeAtAllMembersAndIsTheSame() {
    try (ClusterHsm cluster = open()) {
      DomainKey made = make(cluster);
      byte[] body = made.generate(SECRET).body();

      assertEquals(3, made.copies());
      assertTrue(made.isReceived());
      for (int member = 0; member < 3; member++) {
        try (Pkcs11Hsm alone = Pkcs11Hsm.open(tokens.get(member).uri(), Set.of())) {
          DomainKey copy = alone.findDomainKey(made.id()).orElseThrow();
          assertArrayEquals(made.hmac(DATA), copy.hmac(DATA));
          assertArrayEquals(made.publicKey(), copy.publicKey());
          assertArrayEquals(hmac(made, body), hmac(copy, body));
          byte[] receiver = TransportKeys.newReceiver().getPublic().getEncoded();
          assertThrows(
              HsmException.Unsupported.class, () -> alone.export(made.id(), List.of(receiver)));
        }
      }
    }
  }

  @Test
  void policyThatATokenCannotKeepOfWhatItReceivesIsRefusedAndNothingIsLeft() {
    try (ClusterHsm cluster = open()) {
      HsmException e =
          assertThrows(
              HsmException.Unsupported.class,
              () -> cluster.createDomainKey(HsmContract.newId(), WrapPolicy.STRICT));

      assertTrue(String.valueOf(e.getMessage()).contains("STRICT"), e.getMessage());
      assertEquals(List.of(), tokens.get(0).token().ids());
    }
  }

  @Test
  void whileAMemberIsAwayNoDomainKeyIsMade() {
    try (ClusterHsm cluster = open()) {
      tokens.pull(2);
      DomainKeyId id = HsmContract.newId();

      HsmException e =
          assertThrows(HsmException.class, () -> cluster.createDomainKey(id, WrapPolicy.OPEN));

      assertTrue(String.valueOf(e.getMessage()).contains("member 2"), e.getMessage());
      assertEquals(List.of(), tokens.get(0).token().ids());
      assertEquals(List.of(), tokens.get(1).token().ids());
      tokens.plugIn(2);
      assertEquals(3, cluster.createDomainKey(id, WrapPolicy.OPEN).copies());
    }
  }

  @Test
  void faultInTheMidstOfTheMakingLeavesNothingAtAnyMember() throws IOException {
    try (ClusterHsm cluster = open()) {
      for (String fault :
          List.of("C_UnwrapKey 0x30", "C_CreateObject 0x31", "C_GetAttributeValue 0x5")) {
        tokens.get(1).fail(fault);

        assertThrows(HsmException.class, () -> make(cluster), fault);

        tokens.get(1).fail();
        for (int member = 0; member < 3; member++) {
          assertEquals(List.of(), tokens.get(member).token().ids(), fault);
        }
      }
      assertEquals(3, make(cluster).copies());
    }
  }

  @Test
  void callsGoOnWhileAnyMemberAnswers() {
    try (ClusterHsm cluster = open()) {
      DomainKey key = make(cluster);
      byte[] body = key.generate(SECRET).body();
      byte[] expected = key.hmac(DATA);
      BackingKey opened = key.unwrap(SECRET, body);
      byte[] secret = opened.hmac(HashAlgorithm.SHA_256, DATA);
      for (int left = 0; left < 3; left++) {
        tokens.pull((left + 1) % 3);
        tokens.pull((left + 2) % 3);
        tokens.plugIn(left);

        assertArrayEquals(expected, key.hmac(DATA));
        assertArrayEquals(secret, opened.hmac(HashAlgorithm.SHA_256, DATA));
        assertArrayEquals(secret, hmac(key, body));
        assertEquals(32, cluster.random(32).length);
        key.unwrap(SECRET, key.generate(SECRET).body()).close();
      }
      opened.close();
    }
  }

  @Test
  void whenAllAreAwayCallsFailAndWorkAgainWithTheFirstThatIsBack() {
    try (ClusterHsm cluster = open()) {
      DomainKey key = make(cluster);
      byte[] expected = key.hmac(DATA);
      for (int member = 0; member < 3; member++) {
        tokens.pull(member);
      }

      assertThrows(HsmException.Unavailable.class, () -> key.hmac(DATA));
      assertThrows(HsmException.Unavailable.class, () -> cluster.random(1));

      tokens.plugIn(1);
      assertArrayEquals(expected, key.hmac(DATA));
    }
  }

  @Test
  void alteredBodyIsTamperedAndCostsNoMember() {
    try (ClusterHsm cluster = open()) {
      DomainKey key = make(cluster);
      byte[] body = key.generate(SECRET).body();
      body[9] ^= 1;

      assertThrows(HsmException.Tampered.class, () -> key.unwrap(SECRET, body));

      assertTrue(cluster.status().stream().allMatch(member -> member.isServing()));
      assertEquals(3, key.copies());
    }
  }

  @Test
  void memberThatComesBackWithAnotherKeyGetsNoCalls() throws Exception {
    DomainKeyId id;
    byte[] expected;
    try (ClusterHsm cluster = open()) {
      DomainKey key = make(cluster);
      id = key.id();
      expected = key.hmac(DATA);
    }
    try (ClusterHsm cluster = open()) {
      DomainKey key =
          cluster.findDomainKey(id, copy -> Arrays.equals(expected, copy.hmac(DATA))).orElseThrow();
      assertEquals(3, key.copies());
      tokens.pull(0);
      for (int i = 0; i < 3; i++) {
        inNewThread(() -> assertArrayEquals(expected, key.hmac(DATA)));
      }
      assertFalse(cluster.status().get(0).isServing());
      tokens.plugIn(0);
      tokens.get(0).fail("C_Login 0x30");
      try (Pkcs11Hsm alone = Pkcs11Hsm.open(tokens.get(0).token().uri(), Set.of())) {
        alone.destroyDomainKey(id);
        alone.createDomainKey(id, WrapPolicy.OPEN);
      }

      tokens.plugIn(0);

      await(() -> cluster.status().get(0).fault().orElse("").contains("check value differs"));
      assertEquals(2, key.copies());
      for (int i = 0; i < 6; i++) {
        inNewThread(() -> assertArrayEquals(expected, key.hmac(DATA)));
      }
    }
  }

  private static void inNewThread(Runnable work) throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      thread.submit(work).get();
    } finally {
      thread.shutdown();
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.sleep(10);
    }
    assertTrue(condition.getAsBoolean());
  }

  @Test
  void underLoadNoCallFailsThatAnotherMemberCouldServe() throws Exception {
    try (ClusterHsm cluster = open()) {
      DomainKey key = make(cluster);
      byte[] body = key.generate(SECRET).body();
      byte[] expected = key.hmac(DATA);
      BackingKey shared = key.unwrap(SECRET, body);
      byte[] secret = shared.hmac(HashAlgorithm.SHA_256, DATA);
      AtomicBoolean stop = new AtomicBoolean();
      AtomicLong calls = new AtomicLong();
      AtomicLong slowest = new AtomicLong();
      ExecutorService threads = Executors.newFixedThreadPool(8);
      try {
        List<Future<?>> load = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          load.add(
              threads.submit(
                  () -> {
                    while (!stop.get()) {
                      long start = System.nanoTime();
                      assertArrayEquals(expected, key.hmac(DATA));
                      assertArrayEquals(secret, shared.hmac(HashAlgorithm.SHA_256, DATA));
                      assertArrayEquals(secret, hmac(key, body));
                      cluster.random(16);
                      slowest.accumulateAndGet(System.nanoTime() - start, Math::max);
                      calls.addAndGet(4);
                    }
                  }));
        }
        long longestReturn = 0;
        for (int round = 0; round < 6; round++) {
          int member = round % 3;
          tokens.pull(member);
          await(() -> !cluster.status().get(member).isServing());
          Thread.sleep(100);
          tokens.plugIn(member);
          long start = System.nanoTime();
          await(() -> cluster.status().get(member).isServing());
          longestReturn = Math.max(longestReturn, System.nanoTime() - start);
        }
        stop.set(true);
        for (Future<?> done : load) {
          done.get();
        }
        System.out.printf(
            "figure: %d calls, 6 members lost; slowest round of 4 calls %d ms, member back after"
                + " %d ms at most%n",
            calls.get(), slowest.get() / 1_000_000, longestReturn / 1_000_000);
        assertTrue(slowest.get() < Duration.ofSeconds(1).toNanos(), slowest + " ns");
        assertTrue(longestReturn < Duration.ofSeconds(1).toNanos(), longestReturn + " ns");
      } finally {
        stop.set(true);
        threads.shutdown();
      }
    }
  }
}
