// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.KeyId;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed with kill -9 while they write. */
class CrashTest {
  private static final int KILLS = 10;

  private final Random random = new Random();
  private String url;

  @BeforeEach
  void name(@TempDir Path folder) {
    url = Samples.url(folder.resolve("store.db"));
  }

  @Test
  void acknowledgedKeysSurviveTheProcess() throws Exception {
    Set<String> acknowledged = new HashSet<>();
    for (int kill = 0; kill < KILLS; kill++) {
      try (ChildProcess child = ChildProcess.start("create", url, "1000000")) {
        assertEquals("ready", child.line());
        Thread.sleep(100 + random.nextInt(500));
        child.kill();
        // A line that was cut is of a key that nobody was told about.
        child.lines().stream().filter(line -> line.length() == 36).forEach(acknowledged::add);
      }
      assertAllThere(acknowledged);
    }
    System.out.println("figure: " + KILLS + " kills, acknowledged keys: " + acknowledged.size());
    assertTrue(acknowledged.size() > KILLS);
  }

  private void assertAllThere(Set<String> acknowledged) {
    try (KeyStorage storage = Samples.open(url)) {
      List<String> lost =
          acknowledged.stream().filter(id -> storage.findKey(KeyId.parse(id)).isEmpty()).toList();
      assertEquals(List.of(), lost);
      assertTrue(storage.verifyAll((done, total) -> {}) >= acknowledged.size() + 1);
    }
  }

  @Test
  void storeIsInitialisedOrUntouchedAfterAKill() throws Exception {
    int initialised = 0;
    int millis = millisOfInitialisation();
    for (int kill = 0; kill < KILLS; kill++) {
      String fresh = url + kill;
      try (ChildProcess child = ChildProcess.start("initialize", fresh)) {
        assertEquals("ready", child.line());
        child.proceed();
        Thread.sleep(random.nextInt(2 * millis));
        child.kill();
      }
      try (JdbcStore store = JdbcStore.open(fresh, Samples.CLOCK)) {
        initialised += store.domain().isPresent() ? 1 : 0;
      }
      try (KeyStorage storage = Samples.open(fresh)) {
        assertEquals(1, storage.verifyAll((done, total) -> {}));
      }
    }
    System.out.println("figure: initialised at " + initialised + " of " + KILLS + " kills");
  }

  private int millisOfInitialisation() throws Exception {
    try (ChildProcess child = ChildProcess.start("initialize", url)) {
      assertEquals("ready", child.line());
      long start = System.nanoTime();
      child.proceed();
      assertEquals("won", child.line());
      return (int) ((System.nanoTime() - start) / 1_000_000);
    }
  }
}
