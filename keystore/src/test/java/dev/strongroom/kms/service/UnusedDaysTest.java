// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyState;
import dev.strongroom.kms.KmsException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kms:TrailingDaysWithoutKeyUsage}: a key that somebody uses is not taken away. */
class UnusedDaysTest extends DueScene {
  private final KeyId key;

  UnusedDaysTest(@TempDir Path home) {
    super(home);
    key = key(CmkSpec.SYMMETRIC_DEFAULT);
    kms.putKeyPolicy(
        root,
        key,
        """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"},
          {"Effect": "Deny", "Principal": {"AWS": "*"},
           "Action": ["kms:ScheduleKeyDeletion", "kms:DisableKey"], "Resource": "*",
           "Condition": {"NumericLessThan": {"kms:TrailingDaysWithoutKeyUsage": "3"}}}]}\
        """);
  }

  private void use() {
    kms.generateDataKey(root, key, 32, EncryptionContext.EMPTY);
  }

  private void assertIsKept() {
    assertThrows(KmsException.AccessDenied.class, () -> schedule(key));
    assertThrows(KmsException.AccessDenied.class, () -> kms.disableKey(root, key));
    assertEquals(KeyState.ENABLED, kms.describeKey(root, key).state());
  }

  @Test
  void keyIsKeptUntilItWasUnusedForLongEnough() {
    pass(Duration.ofDays(2));
    use();
    pass(Duration.ofDays(2).plusHours(23));
    assertIsKept();

    pass(Duration.ofHours(2));

    kms.disableKey(root, key);
    schedule(key);
  }

  @Test
  void daysOfAKeyWithoutAnyUseCountFromItsBeginning() {
    pass(Duration.ofDays(2).plusHours(12));
    assertIsKept();

    pass(Duration.ofHours(13));

    schedule(key);
  }

  @Test
  void refusedCallsAndDescriptionsAreNoUse() {
    pass(Duration.ofDays(3));
    kms.describeKey(root, key);
    kms.disableKey(root, key);
    assertThrows(KmsException.Disabled.class, this::use);
    kms.enableKey(root, key);

    schedule(key);
  }

  @Test
  void aClockSetForwardMakesNoDaysPass() {
    use();
    assertIsKept();

    time.pass(Duration.ofDays(400));
    restart();

    assertIsKept();
  }

  @Test
  void otherOperationsHaveNoSuchKey() {
    kms.putKeyPolicy(
        root,
        key,
        """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"},
          {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "kms:EnableKey", "Resource": "*",
           "Condition": {"NumericLessThan": {"kms:TrailingDaysWithoutKeyUsage": "3"}}}]}\
        """);

    kms.disableKey(root, key);
    kms.enableKey(root, key);
  }
}
