// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.EncryptionContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import jdk.crac.Core;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What two copies of one running process have in common: nothing that must be used once. */
class SnapshotTest {
  private final AtomicInteger drawn = new AtomicInteger();

  private byte[] iv(SealingEpoch epoch) {
    byte[] blob = epoch.seal(new byte[1], EncryptionContext.EMPTY);
    return Arrays.copyOfRange(blob, CiphertextBlob.IV_AT, CiphertextBlob.CIPHERTEXT_AT);
  }

  private static SealingEpoch epoch(RandomBytes random) {
    byte[] header = new byte[CiphertextBlob.IV_AT];
    return new SealingEpoch(header, new DestroyableAesKey(new byte[32]), random, 0);
  }

  @Test
  void copiesOfAnEpochSealWithOtherIvsWhenBytesAreDrawnSingly() {
    RandomBytes random = RandomBytes.singly(SystemRandom.direct()::nextBytes);

    assertFalse(Arrays.equals(iv(epoch(random)), iv(epoch(random))));
  }

  @Test
  void copiesOfAnEpochWouldSealWithTheSameIvsOtherwise() {
    RandomBytes random = RandomBytes.inBlocks(SystemRandom.buffered()::nextBytes, () -> 0);

    assertArrayEquals(iv(epoch(random)), iv(epoch(random)));
  }

  @Test
  void nothingWaitsInTheProcessWhenBytesAreDrawnSingly() {
    RandomBytes random = RandomBytes.singly(bytes -> drawn.addAndGet(bytes.length));

    random.next(32);
    random.next(12);

    assertEquals(32 + 12, drawn.get());
  }

  @Test
  void bytesThatWaitAreForgottenWhenToldSo() {
    RandomBytes random =
        RandomBytes.inBlocks(bytes -> bytes[40] = (byte) drawn.incrementAndGet(), () -> 0);
    random.next(32);

    random.forget();

    assertEquals(2, random.next(48)[40], "from a second block");
  }

  @Test
  void theSystemsGeneratorGivesOtherBytesEachTime() {
    SecureRandom random = SystemRandom.direct();
    Set<Long> seen = new HashSet<>();

    for (int i = 0; i < 10_000; i++) {
      seen.add(random.nextLong());
    }

    assertEquals(10_000, seen.size());
  }

  @Test
  void theSystemsGeneratorKeepsNoFileOpenOverACheckpoint() throws Exception {
    Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "needs Linux's /proc");
    SecureRandom random = SystemRandom.direct();
    random.nextInt();
    long before = openDevices();

    Core.getGlobalContext().beforeCheckpoint(Core.getGlobalContext());

    assertEquals(before - 1, openDevices());
    random.nextInt();
    assertTrue(openDevices() >= before, "opened again when needed");
  }

  private static long openDevices() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.filter(SnapshotTest::isDevice).count();
    }
  }

  private static boolean isDevice(Path file) {
    try {
      return Files.readSymbolicLink(file).endsWith(Path.of("urandom"));
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }
}
