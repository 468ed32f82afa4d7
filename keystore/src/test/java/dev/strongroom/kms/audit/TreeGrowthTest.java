// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TreeGrowthTest {
  private static final int RECORDS = 20_000;

  @TempDir Path temp;
  private List<Path> files;

  @BeforeEach
  void writeAStream() throws IOException {
    Path folder = temp.resolve("audit");
    JournalSettings settings = JournalSettings.in(folder).withMaxFileBytes(262_144);
    FolderRegister register = new FolderRegister(temp.resolve("register"));
    try (Journal journal =
        new Journal(settings, Events.KEYS, register, TestNotary.INSTANCE, Clock.systemUTC())) {
      for (int i = 0; i < RECORDS; i++) {
        journal.record(Events.numbered(i));
      }
    }
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(file -> file.toString().endsWith(".journal")).sorted().toList();
    }
    assertTrue(files.size() > 2);
  }

  @Test
  void recordsOfAllFilesAreInTheTree() throws IOException {
    try (TreeGrowth tree = new TreeGrowth(open(files.get(0)))) {
      for (int i = 1; i < files.size(); i++) {
        tree.goOn(Files.size(files.get(i - 1)), open(files.get(i)));
      }
      tree.growTo(Files.size(files.get(files.size() - 1)));
      tree.awaitAll();
      assertEquals(RECORDS, tree.records());
      assertEquals(RECORDS, tree.head().records());
    }
  }

  @Test
  void fileThatBecameShorterIsAnError() throws IOException {
    long length = Files.size(files.get(0));
    try (TreeGrowth tree = new TreeGrowth(open(files.get(0)))) {
      try (FileChannel file = FileChannel.open(files.get(0), StandardOpenOption.WRITE)) {
        file.truncate(length / 2);
      }
      assertRefused(tree, length);
    }
  }

  @Test
  void fileWithForeignBytesIsAnError() throws IOException {
    byte[] bytes = Files.readAllBytes(files.get(0));
    Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 300, (byte) 0xff);
    Files.write(files.get(0), bytes);
    try (TreeGrowth tree = new TreeGrowth(open(files.get(0)))) {
      assertRefused(tree, bytes.length);
    }
  }

  private static void assertRefused(TreeGrowth tree, long length) {
    assertThrows(
        IOException.class,
        () -> {
          tree.growTo(length);
          tree.awaitAll();
        });
    // Nothing is taken into a tree that has a gap.
    assertThrows(IOException.class, () -> tree.growTo(length));
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.READ);
  }
}
