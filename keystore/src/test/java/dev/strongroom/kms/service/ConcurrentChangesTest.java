// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many change the same keys at once: each change takes effect, and none is refused for it. */
class ConcurrentChangesTest {
  private static final int THREADS = 16;
  private static final int ROUNDS = 15;

  @Test
  void changesOfOneKeyWaitForEachOther(@TempDir Path folder) throws Exception {
    try (KmsFixture fixture = KmsFixture.in(folder)) {
      Kms kms = fixture.kms();
      KeyId one = fixture.symmetricKey();
      KeyId other = fixture.symmetricKey();
      ExecutorService executor = Executors.newFixedThreadPool(THREADS);
      try {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          Alias alias = new Alias("alias/thread-" + i);
          all.add(executor.submit(() -> change(kms, fixture.root(), alias, one, other)));
        }
        for (Future<?> future : all) {
          future.get();
        }
      } finally {
        executor.shutdownNow();
      }

      assertEquals(0, kms.listAliases(fixture.root(), one, null, 100).items().size());
      assertEquals(THREADS, kms.listAliases(fixture.root(), other, null, 100).items().size());
    }
  }

  /** Ends with the alias on the other key. */
  private static @Nullable Void change(
      Kms kms, Caller caller, Alias alias, KeyId one, KeyId other) {
    for (int round = 0; round < ROUNDS; round++) {
      kms.createAlias(caller, alias, one);
      kms.updateAlias(caller, alias, other);
      kms.updateKeyDescription(caller, one, alias.name() + round);
      if (round < ROUNDS - 1) {
        kms.deleteAlias(caller, alias);
      }
    }
    return null;
  }
}
