// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.packaging.Launched;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code doctor --deep} of the packaged jar, on a store that somebody put an older copy of back.
 */
class DeepDoctorTest {
  @TempDir Path temp;

  @Test
  void olderCopyOfTheStoreIsNamedRowByRow() throws Exception {
    Home home = Home.embedded(temp);
    home.done("init");
    home.done("kms", "create-key", "--alias-name", "alias/old");
    Path store = home.path().resolve("store.db");
    Path older = temp.resolve("copy.db");
    copy(store, older);
    String old = idOf(home, "alias/old");
    home.done("kms", "update-key-description", "--key-id", old, "--description", "new");
    home.done("kms", "create-key", "--alias-name", "alias/young");
    String young = idOf(home, "alias/young");
    assertTrue(home.done("doctor", "--deep").contains("as the trail says"));

    Files.deleteIfExists(home.path().resolve("store.db-wal"));
    Files.deleteIfExists(home.path().resolve("store.db-shm"));
    copy(older, store);

    Launched plain = home.run("doctor", "--deep");
    assertEquals(1, plain.exitCode(), plain.printed());
    assertTrue(plain.printed().contains("older copy of the whole store"), plain.printed());
    assertTrue(plain.printed().contains("cmk[" + old + "] was rolled back"), plain.printed());
    assertTrue(plain.printed().contains("cmk[" + young + "] is gone"), plain.printed());
    Launched json = home.run("doctor", "--deep", "--output", "json");
    assertEquals(1, json.exitCode(), json.printed());
    assertTrue(json.printed().contains("\"Part\": \"store/trail\""), json.printed());
  }

  private static String idOf(Home home, String alias) throws IOException, InterruptedException {
    return home.done("kms", "describe-key", "--key-id", alias, "--query", "KeyMetadata.KeyId")
        .strip()
        .replace("\"", "");
  }

  /** Copies a database whose processes have ended: SQLite has then taken its log into it. */
  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }
}
