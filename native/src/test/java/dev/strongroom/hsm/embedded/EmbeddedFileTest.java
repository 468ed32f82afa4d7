// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.embedded;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.HsmUri;
import dev.strongroom.hsm.WrapPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the embedded HSM does with its file; the contract of all HSMs is tested elsewhere. */
class EmbeddedFileTest {
  private static final byte[] DATA = {1, 2, 3};

  @TempDir Path folder;
  private final DomainKeyId id = new DomainKeyId(UUID.randomUUID(), 1);

  private EmbeddedHsm generated() {
    return EmbeddedHsm.open(new HsmUri.Embedded(folder.resolve("domain.p12"), Optional.empty()));
  }

  private EmbeddedHsm typed(String passphrase) {
    return EmbeddedHsm.open(
        new HsmUri.Embedded(folder.resolve("domain.p12"), Optional.of(passphrase::toCharArray)));
  }

  @Test
  void openingMakesNoFile() throws IOException {
    generated().close();

    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void anotherProcessFindsTheSameKey() {
    DomainKey made = generated().createDomainKey(id, WrapPolicy.OPEN);
    EmbeddedHsm other = generated();

    DomainKey found = other.findDomainKey(id).orElseThrow();

    assertArrayEquals(made.hmac(DATA), found.hmac(DATA));
    assertArrayEquals(made.publicKey(), found.publicKey());
  }

  @Test
  void aFileThatIsOpenShowsKeysMadeLater() {
    EmbeddedHsm early = generated();
    assertTrue(early.findDomainKey(id).isEmpty());

    generated().createDomainKey(id, WrapPolicy.OPEN);

    assertTrue(early.findDomainKey(id).isPresent());
  }

  @Test
  void onlyTheOwnerCanReadFileAndPassphrase() throws IOException {
    generated().createDomainKey(id, WrapPolicy.OPEN);

    for (String name : new String[] {"domain.p12", "domain.passphrase"}) {
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))));
    }
  }

  @Test
  void onlyAGeneratedPassphraseIsNotStretched() throws IOException {
    generated().createDomainKey(id, WrapPolicy.OPEN);
    assertFalse(isStretched());
    Files.delete(folder.resolve("domain.p12"));
    Files.writeString(folder.resolve("domain.passphrase"), "of a person");

    generated().createDomainKey(id, WrapPolicy.OPEN);

    assertTrue(isStretched());
    assertTrue(generated().findDomainKey(id).isPresent());
  }

  /** The parameters of PBKDF2 are in clear: INTEGER 600000. */
  private boolean isStretched() throws IOException {
    byte[] file = Files.readAllBytes(folder.resolve("domain.p12"));
    return HexFormat.of().formatHex(file).contains("02030927c0");
  }

  @Test
  void anotherPassphraseIsRefusedWithTheReason() {
    typed("correct horse").createDomainKey(id, WrapPolicy.OPEN);
    EmbeddedHsm wrong = typed("battery staple");

    HsmException e = assertThrows(HsmException.LoginFailed.class, () -> wrong.findDomainKey(id));

    assertTrue(String.valueOf(e.getMessage()).contains("passphrase does not open"));
    assertTrue(typed("correct horse").findDomainKey(id).isPresent());
  }

  @Test
  void aLostPassphraseFileIsNotReplacedByANewOne() throws IOException {
    generated().createDomainKey(id, WrapPolicy.OPEN);
    Files.delete(folder.resolve("domain.passphrase"));
    EmbeddedHsm hsm = generated();

    assertThrows(HsmException.LoginFailed.class, () -> hsm.findDomainKey(id));
    assertThrows(
        HsmException.LoginFailed.class,
        () -> hsm.createDomainKey(new DomainKeyId(UUID.randomUUID(), 1), WrapPolicy.OPEN));
    assertFalse(Files.exists(folder.resolve("domain.passphrase")));
  }

  @Test
  void aFileThatIsNoKeyStoreIsRefusedAndKept() throws IOException {
    Path file = folder.resolve("domain.p12");
    Files.writeString(file, "something else");
    Files.writeString(folder.resolve("domain.passphrase"), "secret");
    Files.setPosixFilePermissions(
        folder.resolve("domain.passphrase"), PosixFilePermissions.fromString("rw-------"));
    EmbeddedHsm hsm = generated();

    assertThrows(HsmException.class, () -> hsm.findDomainKey(id));
    assertThrows(HsmException.class, () -> hsm.createDomainKey(id, WrapPolicy.OPEN));
    assertEquals("something else", Files.readString(file));
  }

  @Test
  void severalVersionsAreInOneFileAndEachCanGo() {
    DomainKeyId second = new DomainKeyId(id.domain(), 2);
    EmbeddedHsm hsm = generated();
    hsm.createDomainKey(id, WrapPolicy.OPEN);
    hsm.createDomainKey(second, WrapPolicy.OPEN);

    hsm.destroyDomainKey(id);

    assertTrue(generated().findDomainKey(id).isEmpty());
    assertTrue(generated().findDomainKey(second).isPresent());
  }

  @Test
  void aClosedHsmIsUnavailable() {
    EmbeddedHsm hsm = generated();
    DomainKey key = hsm.createDomainKey(id, WrapPolicy.OPEN);

    hsm.close();

    assertThrows(HsmException.Unavailable.class, () -> key.hmac(DATA));
    assertThrows(HsmException.Unavailable.class, () -> hsm.random(1));
  }
}
