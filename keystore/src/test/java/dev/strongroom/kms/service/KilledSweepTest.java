// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.audit.AuditQuery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sweep that is killed: each key is there as before or gone as a whole, and no receipt is lost.
 */
class KilledSweepTest extends DueScene {
  private static final int KEYS = 40;
  private static final int KILLS = 12;
  private static final int LONGEST_MILLIS = 1500;
  private static final Duration LATER = Duration.ofHours(2);

  private final Path home;

  KilledSweepTest(@TempDir Path home) {
    super(home);
    this.home = home;
  }

  @Test
  void killedSweepLeavesKeysWholeOrGone() throws Exception {
    for (int i = 0; i < KEYS; i++) {
      schedule(key(CmkSpec.HMAC_256));
    }
    pass(Duration.ofDays(7).minusHours(1));
    Set<KeyId> left = left();
    assertEquals(KEYS, left.size());
    Random random = new Random(1);
    for (int kill = 0; kill < KILLS; kill++) {
      kill(random.nextInt(LONGEST_MILLIS));
      Set<KeyId> now = left();
      assertTrue(left.containsAll(now));
      left = now;
    }

    time.pass(LATER);
    restart();

    assertEquals(Set.of(), left());
    assertEquals(KEYS, receipts().size());
  }

  private void kill(int millis) throws Exception {
    Process process = SweepProgram.start(home, time.passed().plus(LATER));
    assertEquals('o', process.getInputStream().read());
    Thread.sleep(millis);
    process.destroyForcibly().waitFor();
  }

  /** Returns the keys that are there, after making sure that store and trail agree. */
  private Set<KeyId> left() {
    restart();
    assertEquals(
        List.of(),
        kms.deepHealth().findings().stream()
            .filter(finding -> finding.severity().compareTo(Health.Severity.WARNING) >= 0)
            .map(Health.Finding::sentence)
            .toList());
    Set<KeyId> keys = new HashSet<>(kms.listKeys(root, null, 1000).items());
    keys.forEach(key -> kms.describeKey(root, key));
    return keys;
  }

  private Set<String> receipts() {
    Set<String> named = new HashSet<>();
    kms.lookupEvents(
            root,
            AuditQuery.newest(1000)
                .with(new AuditQuery.Attribute(AuditQuery.AttributeKey.EVENT_NAME, "DeleteKey")))
        .forEach(record -> named.add(record.keyArn().orElseThrow()));
    return named;
  }
}
