// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.storage.AccessKeyRow;
import dev.strongroom.kms.storage.HmacRows;
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
      SecureRandom random = new SecureRandom();
      AccessKeySecrets secrets =
          new AccessKeySecrets(hash -> new HmacRows("accounts").mac(1, hash), random);
      AccessKeys accessKeys = new AccessKeys(storage, secrets, slow);
      Accounts accounts = new Accounts(storage, accessKeys, random, slow);

      Accounts.Made made = accounts.create("tests");
      made.rootAccessKey().destroy();

      assertFalse(accounts.isManagement(made.account().account()));
      assertTrue(accounts.isManagement(Samples.ACCOUNT));
    }
  }
}
