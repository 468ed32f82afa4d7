// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Caller;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A rotation of the domain key that is killed at any moment: all opens, and the next one finishes.
 *
 * <p>The long form, with a hundred kills, is {@code mvn verify -Dtest=KilledDomainKeyRotationTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dstrongroom.rotation.kills=100}.
 */
class KilledDomainKeyRotationTest {
  private static final int KILLS = Integer.getInteger("strongroom.rotation.kills", 5);
  private static final int KEYS = 60;
  private static final int LONGEST_MILLIS = 1200;

  private final DomainKeyScene scene = new DomainKeyScene();

  @Test
  void everyKillLeavesAllGoodAndIsGoneOnFrom(@TempDir Path home) throws Exception {
    try (KmsFixture fixture = KmsFixture.in(home)) {
      scene.make(fixture.kms(), fixture.root(), KEYS);
    }
    Random random = new Random(KILLS);
    int interrupted = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      Process process = RotationProgram.start(home);
      assertEquals('r', process.getInputStream().read());
      Thread.sleep(random.nextInt(LONGEST_MILLIS));
      process.destroyForcibly().waitFor();
      interrupted += isRotating(home) ? 1 : 0;
    }
    assertTrue(interrupted > 0, "no kill came in the midst of it");

    Process last = RotationProgram.start(home);
    assertTrue(last.waitFor(1, TimeUnit.MINUTES));
    assertEquals(0, last.exitValue());

    assertEquals(false, isRotating(home));
    assertEquals(1, DomainKeyScene.versionsIn(home).size());
  }

  /** Returns whether a rotation is left, after making sure that all is good. */
  private boolean isRotating(Path home) {
    try (KmsFixture fixture = KmsFixture.in(home)) {
      Kms kms = fixture.kms();
      Caller root = fixture.root();
      scene.assertWhole(kms, root);
      return kms.cloudHsm().describeDomainKey(root).rotation().isPresent();
    }
  }
}
