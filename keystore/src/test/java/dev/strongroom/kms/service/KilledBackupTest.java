// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.backup.BackupReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Backups and restores that are killed at any moment: there is a whole one, or none.
 *
 * <p>The long form, with a hundred kills each, is {@code mvn verify -Dtest=KilledBackupTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dstrongroom.backup.kills=100}.
 */
class KilledBackupTest {
  private static final int KILLS = Integer.getInteger("strongroom.backup.kills", 6);
  private static final int KEYS = 100;
  private static final int LONGEST_MILLIS = 900;

  private final BackupScene places;
  private final DomainKeyScene scene = new DomainKeyScene();
  private final Random random = new Random(KILLS);

  KilledBackupTest(@TempDir Path folder) throws IOException {
    places = new BackupScene(folder);
    Files.createDirectories(places.source());
    try (KmsFixture fixture = places.open()) {
      scene.make(fixture.kms(), fixture.root(), KEYS);
    }
  }

  private void kill(Process process) throws Exception {
    assertTrue(process.getInputStream().read() > 0, "it did not even begin");
    Thread.sleep(random.nextInt(LONGEST_MILLIS));
    process.destroyForcibly().waitFor();
  }

  @Test
  void killedBackupLeavesNoneOrAWholeOne() throws Exception {
    for (int i = 0; i < KILLS; i++) {
      kill(BackupProgram.start(places.source(), List.of()));
      try (KmsFixture fixture = places.open()) {
        Backups.Listing listing = fixture.kms().backups().list(fixture.root());
        assertEquals(List.of(), listing.unreadable());
        listing.backups().forEach(backup -> BackupReader.open(backup.file()).verify());
        scene.assertWhole(fixture.kms(), fixture.root());
      }
    }
  }

  @Test
  void killedRestoreLeavesNothingOrAllOfIt() throws Exception {
    Path file;
    try (KmsFixture fixture = places.open()) {
      file = fixture.kms().backups().create(fixture.root()).file();
    }
    for (int i = 0; i < KILLS; i++) {
      KmsConfig config = places.elsewhere("other" + i);
      kill(BackupProgram.start(config.home(), List.of(file)));
      if (!isThere(config)) {
        Process again = BackupProgram.start(config.home(), List.of(file));
        assertTrue(again.waitFor(1, TimeUnit.MINUTES));
        assertEquals(0, again.exitValue());
      }
      try (EmbeddedKms restored = BackupScene.opened(config)) {
        Caller root = places.root(restored);
        scene.assertWhole(restored, root);
        assertTrue(restored.cloudHsm().describeDomainKey(root).restoration().isPresent());
      }
    }
  }

  /** The settings are not those of a KMS that is made at its first use. */
  private static boolean isThere(KmsConfig config) {
    try {
      BackupScene.opened(config).close();
      return true;
    } catch (KmsException.Configuration e) {
      return false;
    }
  }
}
