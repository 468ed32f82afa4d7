// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.backup.BackupReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Backups of which something was changed, cut off or added: each is found before anything of it is
 * used.
 *
 * <p>The long form, with every byte, is {@code mvn verify -Dtest=DamagedBackupTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dstrongroom.backup.step=1}.
 */
class DamagedBackupTest {
  private static final int STEP = Integer.getInteger("strongroom.backup.step", 97);
  private static final int MAGIC_BYTES = 18;

  private final BackupScene places;
  private final Path file;
  private final byte[] whole;

  DamagedBackupTest(@TempDir Path folder) throws IOException {
    places = new BackupScene(folder);
    Files.createDirectories(places.source());
    try (KmsFixture fixture = places.open()) {
      for (int i = 0; i < 20; i++) { // two chunks
        fixture.key(CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT));
      }
      Path made = fixture.kms().backups().create(fixture.root()).file();
      whole = Files.readAllBytes(made);
      file = folder.resolve("copy");
    }
  }

  private void assertRefused(byte[] bytes, String what) throws IOException {
    Files.write(file, bytes);
    assertThrows(KmsException.class, () -> BackupReader.open(file).verify(), what);
  }

  @Test
  void everyFlippedBitIsFound() throws IOException {
    for (int at = 0; at < whole.length; at += at < 64 || at > whole.length - 128 ? 1 : STEP) {
      for (int bit = 0; bit < 8; bit += STEP == 1 ? 1 : 3) {
        byte[] flipped = whole.clone();
        flipped[at] ^= (byte) (1 << bit);
        assertRefused(flipped, "bit " + bit + " of byte " + at);
      }
    }
  }

  @Test
  void everyCutAroundABoundaryIsFound() throws IOException {
    for (int boundary : boundaries()) {
      for (int length = boundary - 2; length <= boundary + 2; length++) {
        if (length >= 0 && length < whole.length) {
          assertRefused(Arrays.copyOf(whole, length), "cut to " + length);
        }
      }
    }
    assertRefused(Arrays.copyOf(whole, whole.length + 1), "one byte more");
  }

  /** Returns where header, chunks and signature end. */
  private List<Integer> boundaries() {
    ByteBuffer in = ByteBuffer.wrap(whole);
    List<Integer> boundaries = new ArrayList<>(List.of(0, MAGIC_BYTES));
    in.position(MAGIC_BYTES);
    in.position(in.getInt() + in.position());
    boundaries.add(in.position());
    boolean isLast = false;
    while (!isLast) {
      isLast = in.get() == 1;
      in.position(in.getInt() + in.position());
      boundaries.add(in.position());
    }
    boundaries.add(whole.length);
    return boundaries;
  }

  @Test
  void chunksInAnotherOrderAreRefused() throws IOException {
    List<Integer> ends = boundaries();
    int first = ends.get(2);
    int second = ends.get(3);
    int third = ends.get(4);
    byte[] swapped = whole.clone();
    System.arraycopy(whole, second, swapped, first, third - second);
    System.arraycopy(whole, first, swapped, first + third - second, second - first);

    assertRefused(swapped, "swapped");
  }

  @Test
  void damagedBackupLeavesThePlaceAsItWas() throws IOException {
    byte[] flipped = whole.clone();
    flipped[whole.length / 2] ^= 1;
    Files.write(file, flipped);
    KmsConfig config = places.elsewhere("other");

    assertThrows(
        KmsException.StoreTampered.class,
        () -> KmsRestore.restore(config, KmsRestore.Request.of(file)));

    assertFalse(Files.exists(config.home().resolve("store.db")));
  }
}
