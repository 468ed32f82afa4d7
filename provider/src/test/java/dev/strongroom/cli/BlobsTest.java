// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobsTest {
  private final Path folder;

  BlobsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  private final Blobs blobs = new Blobs(new ByteArrayInputStream(bytes("from stdin")));

  @Test
  void filebIsTheBytesOfTheFile() throws IOException {
    Path file = Files.write(folder.resolve("f"), new byte[] {0, 1, (byte) 0xff});

    assertArrayEquals(new byte[] {0, 1, (byte) 0xff}, blobs.bytes("--x", "fileb://" + file));
  }

  @Test
  void fileIsBase64WithLineEnds() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "aGVs\nbG8=\n");

    assertArrayEquals(bytes("hello"), blobs.bytes("--x", "file://" + file));
  }

  @Test
  void hyphenIsStandardInput() throws IOException {
    assertArrayEquals(bytes("from stdin"), blobs.bytes("--x", "-"));
  }

  @Test
  void devStdinIsStandardInput() throws IOException {
    assertArrayEquals(bytes("from stdin"), blobs.bytes("--x", "fileb:///dev/stdin"));
  }

  @Test
  void anythingElseIsBase64() throws IOException {
    assertArrayEquals(bytes("hello"), blobs.bytes("--x", "aGVsbG8="));
  }

  @Test
  void wrongLetterInBase64IsNotSkipped() {
    for (String text : new String[] {"aGVs!bG8=", "aGVsbG8=ä", "a-_b", "aGVsbG8==="}) {
      assertThrows(UsageError.class, () -> blobs.bytes("--x", text), text);
    }
  }

  @Test
  void inputOverOneMebibyteIsRefusedAndNamesTheRightCommand() throws IOException {
    Path file = Files.write(folder.resolve("f"), new byte[Blobs.MAX_BYTES + 1]);
    UsageError error =
        assertThrows(UsageError.class, () -> blobs.bytes("--plaintext", "fileb://" + file));

    assertTrue(String.valueOf(error.getMessage()).contains("encrypt-file"));
  }

  @Test
  void missingFileIsTold() {
    assertThrows(NoSuchFileException.class, () -> blobs.bytes("--x", "fileb://" + folder + "/no"));
  }

  @Test
  void textIsItselfOrOfAFile() throws IOException {
    Path file = Files.writeString(folder.resolve("p.json"), "{\"ü\":1}");

    assertEquals("{\"ü\":1}", blobs.text("--policy", "file://" + file));
    assertEquals("plain", blobs.text("--policy", "plain"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
