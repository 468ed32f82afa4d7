// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.storage.AccessKeyRow;
import dev.strongroom.kms.storage.KeyStorage;
import dev.strongroom.kms.storage.Samples;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManagementAccountTest {
  @Test
  void accountThatIsMadeWhileTheClockIsSlowManagesNothing(@TempDir Path folder) {
    try (KeyStorage storage = Samples.open("jdbc:sqlite:" + folder.resolve("store.db"))) {
      storage.createAccessKey(
          new AccessKeyRow(
              "AKIAROOT222222222222",
              Samples.ACCOUNT,
              "",
              new byte[32],
              true,
              Samples.CLOCK.instant()));
      Clock slow = Clock.offset(Samples.CLOCK, Duration.ofDays(-1));
      Accounts accounts = new Accounts(storage, new SecureRandom(), slow);

      String made = accounts.create("tests").account();

      assertFalse(accounts.isManagement(made));
      assertTrue(accounts.isManagement(Samples.ACCOUNT));
    }
  }
}
