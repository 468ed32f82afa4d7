// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.authz.Basis;
import dev.strongroom.kms.authz.Decision;
import dev.strongroom.kms.authz.grant.Grant;
import dev.strongroom.kms.authz.grant.GrantConstraint;
import dev.strongroom.kms.storage.KeyStorage;
import dev.strongroom.kms.storage.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrantUsesTest {
  private static final KeyId KEY = new KeyId(new UUID(1, 1));
  private static final int MOST = 1000;

  private KeyStorage storage;
  private Decision allowed;
  private final Decision denied = new Decision.Denied("used up", Optional.empty());

  @BeforeEach
  void makeAGrant(@TempDir Path folder) {
    storage = Samples.open(Samples.url(folder.resolve("store.db")));
    storage.save(List.of(Samples.key(KEY)));
    Grant grant =
        new Grant(
            "0123456789abcdef".repeat(4),
            KEY,
            Samples.ACCOUNT,
            "arn:aws:iam::" + Samples.ACCOUNT + ":user/batch",
            Optional.empty(),
            Set.of(Operation.DECRYPT),
            GrantConstraint.NONE,
            "",
            Samples.NOW,
            Optional.empty(),
            OptionalLong.of(MOST));
    storage.grants().create(List.of(grant), Samples.NOW);
    allowed = new Decision.Allowed(new Basis(grant.label(), List.of(), Optional.of(grant)));
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private GrantUses process() {
    return new GrantUses(storage.grants());
  }

  private boolean use(GrantUses process) {
    return process.take(allowed, false, exhausted -> denied).isAllowed();
  }

  private int useUp(GrantUses process) {
    int made = 0;
    while (use(process)) {
      made++;
    }
    return made;
  }

  @Test
  void usesOfAnIdleProcessGoBackAfterTwoRounds() {
    GrantUses idle = process();
    assertTrue(use(idle));
    idle.returnIdle();
    int before = useUp(process());

    idle.returnIdle();

    assertTrue(before < MOST - 1);
    assertEquals(MOST - 1, before + useUp(process()));
  }

  @Test
  void usesOfAKilledProcessAreLostAndNeverMadeTwice() {
    assertTrue(use(process())); // and never heard of again

    int made = useUp(process());

    assertTrue(made < MOST - 1 && made >= MOST - 1 - 64, made + " uses");
  }

  @Test
  void nothingIsLostWhileUsesAreTakenAndGivenBackAtOnce() throws Exception {
    GrantUses busy = process();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    AtomicBoolean stop = new AtomicBoolean();
    try {
      List<Future<Integer>> counts = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        counts.add(threads.submit(() -> useUp(busy)));
      }
      Future<?> returning =
          threads.submit(
              () -> {
                while (!stop.get()) {
                  busy.returnIdle();
                }
              });
      int made = 0;
      for (Future<Integer> count : counts) {
        made += count.get();
      }
      stop.set(true);
      returning.get(); // what it has taken out must be back before the rest is given back
      busy.close();

      assertEquals(MOST, made + useUp(process()));
    } finally {
      stop.set(true);
      threads.shutdownNow();
    }
  }
}
