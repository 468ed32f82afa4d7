// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.faults;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.hsm.SoftHsmToken;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Settings that lead to another HSM than the store's, or to none: one line, and nothing is lost.
 */
@Tag("jar")
class WrongHsmTest {
  private static final String KEY = "alias/k";

  private final Path folder;
  private final SoftHsmToken token;
  private final Home home;

  WrongHsmTest(@TempDir Path folder) throws Exception {
    this.folder = folder;
    this.token = SoftHsmToken.in(folder);
    this.home = Home.on(token, folder);
  }

  @BeforeEach
  void make() throws Exception {
    home.done("init");
    home.done("kms", "create-key", "--alias-name", KEY);
  }

  private String refusedWith(String hsm) throws Exception {
    String right = "hsm=" + token.setting();
    home.settings("hsm=" + hsm);
    String line = home.refused("kms", "list-keys");
    home.refused("init");
    home.settings(right);
    home.assertUsable(KEY);
    return line;
  }

  @Test
  void wrongPinIsTriedOnceAndNotAgain() throws Exception {
    token.pinFile("987654321");

    String line = home.refused("kms", "list-keys");

    assertTrue(line.contains("refused the PIN"), line);
    assertTrue(line.contains("not tried again"), line);
    assertFalse(line.contains("987654321"), line);
    token.pinFile("1234");
    home.assertUsable(KEY);
  }

  @Test
  void absentTokenIsNamed() throws Exception {
    String line = refusedWith(token.setting().replace("kms%20test", "elsewhere"));

    assertTrue(line.contains("elsewhere"), line);
  }

  @Test
  void wrongModulePathIsNamed() throws Exception {
    String nowhere = folder.resolve("nowhere.so").toString();
    assertTrue(refusedWith("pkcs11:token=t?module-path=" + nowhere).contains(nowhere));

    Path text = Files.writeString(folder.resolve("text.so"), "no library");
    String line = refusedWith("pkcs11:token=t?module-path=" + text);

    assertTrue(line.contains(text.toString()), line);
  }

  @Test
  void storeOfAnotherTokenIsRefused() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    SoftHsmToken other = SoftHsmToken.in(elsewhere);
    Home theirs = Home.on(other, elsewhere);
    theirs.done("init");
    theirs.done("kms", "create-key", "--alias-name", KEY);

    theirs.settings("hsm=" + other.setting(), "store=jdbc:sqlite:" + store(home));
    String line = theirs.refused("kms", "list-keys");
    theirs.refused("init");
    theirs.settings("hsm=" + other.setting());

    assertTrue(line.contains("has no domain key"), line);
    theirs.assertUsable(KEY);
    home.assertUsable(KEY);
  }

  private static Path store(Home home) {
    return home.path().resolve("store.db");
  }
}
