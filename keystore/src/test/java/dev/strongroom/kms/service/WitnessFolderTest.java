// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WitnessFolderTest {
  private static final UUID STREAM = new UUID(0, 1);

  @TempDir Path temp;

  @Test
  void newestCheckpointOfAStreamIsToldAgain() throws IOException {
    Witness witness = Witness.folder(temp.resolve("far").resolve("away"));
    assertEquals(Optional.empty(), witness.taken(STREAM));

    witness.take(STREAM, "one\n");
    witness.take(STREAM, "two\n");

    assertEquals(Optional.of("two\n"), witness.taken(STREAM));
    assertEquals(Optional.empty(), witness.taken(new UUID(0, 2)));
  }

  /** Otherwise whoever takes the witness away could have anything signed. */
  @Test
  void checkpointThatCannotBeReadIsNotNone() throws IOException {
    Files.createDirectory(temp.resolve(STREAM + ".checkpoint"));

    assertThrows(IOException.class, () -> Witness.folder(temp).taken(STREAM));
  }
}
