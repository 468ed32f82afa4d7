// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
  private final Path folder;

  OutputFileTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void fileAppearsWhenItIsCommitted() throws IOException {
    Path target = folder.resolve("out");
    try (OutputFile file = OutputFile.create(target, false, false)) {
      write(file, "all of it");
      assertFalse(Files.exists(target));
      file.commit();
    }

    assertEquals("all of it", Files.readString(target));
    assertEquals(List.of("out"), names());
  }

  @Test
  void nothingIsLeftWithoutCommit() throws IOException {
    try (OutputFile file = OutputFile.create(folder.resolve("out"), false, false)) {
      write(file, "half of");
    }

    assertEquals(List.of(), names());
  }

  @Test
  void existingFileIsKeptWhenTheNewOneIsNotCommitted() throws IOException {
    Path target = Files.writeString(folder.resolve("out"), "old");
    try (OutputFile file = OutputFile.create(target, true, false)) {
      write(file, "half of");
    }

    assertEquals("old", Files.readString(target));
    assertEquals(List.of("out"), names());
  }

  @Test
  void existingFileIsReplacedOnlyOnRequest() throws IOException {
    Path target = Files.writeString(folder.resolve("out"), "old");
    assertThrows(
        FileAlreadyExistsException.class, () -> OutputFile.create(target, false, false).close());
    try (OutputFile file = OutputFile.create(target, true, false)) {
      write(file, "new");
      file.commit();
    }

    assertEquals("new", Files.readString(target));
  }

  @Test
  void missingFolderIsNamedAndNotOurFileInIt() {
    Path missing = folder.resolve("missing");

    NoSuchFileException refused =
        assertThrows(
            NoSuchFileException.class,
            () -> OutputFile.create(missing.resolve("out"), false, false).close());

    assertEquals(missing.toString(), refused.getFile());
  }

  @Test
  void fileMadeBySomebodyElseMeanwhileIsNotReplaced() throws IOException {
    Path target = folder.resolve("out");
    try (OutputFile file = OutputFile.create(target, false, false)) {
      write(file, "ours");
      Files.writeString(target, "theirs");
      assertThrows(FileAlreadyExistsException.class, file::commit);
    }

    assertEquals("theirs", Files.readString(target));
    assertEquals(List.of("out"), names());
  }

  @Test
  void linkIsFollowedAndStays() throws IOException {
    Path real = Files.writeString(folder.resolve("real"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), real);
    try (OutputFile file = OutputFile.create(link, true, false)) {
      write(file, "new");
      file.commit();
    }

    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(real));
  }

  @Test
  void privateFileIsNeverReadableByOthers() throws IOException {
    Path target = folder.resolve("out");
    try (OutputFile file = OutputFile.create(target, false, true)) {
      try (Stream<Path> all = Files.list(folder)) {
        assertEquals("rw-------", mode(all.findFirst().orElseThrow()));
      }
      file.commit();
    }

    assertEquals("rw-------", mode(target));
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static void write(OutputFile file, String text) throws IOException {
    file.stream().write(text.getBytes(StandardCharsets.UTF_8));
  }
}
