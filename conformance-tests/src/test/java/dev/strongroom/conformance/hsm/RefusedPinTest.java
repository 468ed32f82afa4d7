// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.pkcs11.Pkcs11Hsm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens lock after a few wrong PINs: what one gets to see of a PIN that it refused. */
final class RefusedPinTest {
  private static final String WRONG = "999911118";

  private final Path folder;

  RefusedPinTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void aPinThatWasRefusedIsNotShownToTheTokenAgain() throws Exception {
    SoftHsmToken token = SoftHsmToken.in(Files.createDirectory(folder.resolve("pins")));
    Spy spy = Spy.before(token, folder);

    token.pinFile(WRONG);
    for (int i = 0; i < 4; i++) {
      var failure = assertThrows(HsmException.LoginFailed.class, () -> open(spy));
      assertFalse(failure.toString().contains(WRONG), failure.toString());
    }
    assertEquals(1, spy.calls("C_Login"));

    token.pinFile("4321");
    assertThrows(HsmException.LoginFailed.class, () -> open(spy));
    assertEquals(2, spy.calls("C_Login"));

    token.pinFile("1234");
    open(spy);
    token.pinFile(WRONG);
    assertThrows(HsmException.LoginFailed.class, () -> open(spy));
    assertEquals(3, spy.calls("C_Login"));
  }

  private static void open(Spy spy) {
    Pkcs11Hsm.open(spy.uri(), Set.of()).close();
  }
}
