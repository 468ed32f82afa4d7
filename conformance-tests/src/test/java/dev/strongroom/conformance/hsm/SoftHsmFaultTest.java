// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.HashAlgorithm;
import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.HsmUri;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.pkcs11.Pkcs11Hsm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong with a token, and what a second user of it in the process must not notice. */
final class SoftHsmFaultTest {
  private static final BackingKeySpec SECRET = BackingKeySpec.SECRET_256;

  @TempDir Path folder;

  private SoftHsmToken token() throws IOException {
    return SoftHsmToken.in(Files.createDirectory(folder.resolve("t" + System.nanoTime()))).select();
  }

  private static Pkcs11Hsm open(HsmUri.Pkcs11 uri) {
    return Pkcs11Hsm.open(uri, Set.of());
  }

  @Test
  void wrongPinIsALoginFailureThatNamesNeitherPin() throws IOException {
    SoftHsmToken token = token();
    token.pinFile("999911118");

    var failure = assertThrows(HsmException.LoginFailed.class, () -> open(token.uri()));

    assertFalse(failure.toString().contains("999911118"));
    token.pinFile("1234");
    open(token.uri()).close();
  }

  @Test
  void wrongPinIsRefusedWhileAnotherUserIsLoggedIn() throws IOException {
    SoftHsmToken token = token();
    try (Hsm first = open(token.uri())) {
      token.pinFile("4321");

      assertThrows(HsmException.LoginFailed.class, () -> open(token.uri()));

      assertEquals(32, first.random(32).length);
      token.pinFile("1234");
      open(token.uri()).close();
      assertEquals(32, first.random(32).length);
    }
    token.pinFile("4321");
    assertThrows(HsmException.LoginFailed.class, () -> open(token.uri()));
  }

  @Test
  void backingKeysThatNobodyClosedLeaveTheToken() throws Exception {
    SoftHsmToken token = token();
    SessionObjects objects = new SessionObjects(token.module());
    try (Hsm hsm = open(token.uri())) {
      DomainKey domain = hsm.createDomainKey(HsmContract.newId(), WrapPolicy.OPEN);
      byte[] body = domain.generate(SECRET).body();
      BackingKey kept = domain.unwrap(SECRET, body);
      for (int i = 0; i < 20; i++) {
        assertEquals(32, domain.unwrap(SECRET, body).hmac(HashAlgorithm.SHA_256, body).length);
      }

      for (int i = 0; i < 100 && objects.count() > 1; i++) {
        System.gc();
        Thread.sleep(50);
      }

      assertEquals(1, objects.count());
      assertEquals(32, kept.hmac(HashAlgorithm.SHA_256, body).length);
      kept.close();
      assertEquals(0, objects.count());
    }
  }

  @Test
  void missingPinSourceIsALoginFailure() throws IOException {
    SoftHsmToken token = token();
    String text = "pkcs11:token=kms%20test?module-path=" + token.module();
    HsmUri.Pkcs11 uri = (HsmUri.Pkcs11) HsmUri.parse(text);

    var failure = assertThrows(HsmException.LoginFailed.class, () -> open(uri));

    assertTrue(failure.toString().contains("pin-source"));
  }

  @Test
  void absentTokenIsUnavailableAndNamed() throws IOException {
    SoftHsmToken token = token();
    String text = "pkcs11:token=elsewhere?module-path=" + token.module();
    HsmUri.Pkcs11 uri = (HsmUri.Pkcs11) HsmUri.parse(text);

    var failure = assertThrows(HsmException.Unavailable.class, () -> open(uri));

    assertTrue(failure.toString().contains("token=elsewhere"));
  }

  @Test
  void wrongModulePathIsUnavailable() throws IOException {
    Path noLibrary = Files.writeString(folder.resolve("text.so"), "no library");
    for (Path path : new Path[] {folder.resolve("absent.so"), noLibrary}) {
      HsmUri.Pkcs11 uri = (HsmUri.Pkcs11) HsmUri.parse("pkcs11:token=t?module-path=" + path);
      var failure = assertThrows(HsmException.Unavailable.class, () -> open(uri));
      assertTrue(failure.toString().contains(path.toString()));
    }
  }

  @Test
  void threadsWaitForSessionsWhereThereAreFewer() throws Exception {
    try (Hsm hsm = open(token().uri("&x-max-sessions=4"))) {
      HsmContract.hammer(hsm, hsm.createDomainKey(HsmContract.newId(), WrapPolicy.OPEN), 8, 20);
    }
  }

  @Test
  void tokenThatWentAwayIsUsedAgainWhenItIsBack() throws IOException {
    SoftHsmToken token = token();
    Path away = token.tokens().resolveSibling("away");
    try (Hsm hsm = open(token.uri())) {
      DomainKey domain = hsm.createDomainKey(HsmContract.newId(), WrapPolicy.OPEN);
      byte[] before = domain.hmac(new byte[3]);
      byte[] body = domain.generate(SECRET).body();

      Files.move(token.tokens(), away);
      assertThrows(HsmException.Unavailable.class, () -> domain.hmac(new byte[3]));
      assertThrows(HsmException.Unavailable.class, () -> domain.unwrap(SECRET, body));
      Files.move(away, token.tokens());

      assertArrayEquals(before, domain.hmac(new byte[3]));
      domain.unwrap(SECRET, body).close();
    }
  }

  @Test
  void domainKeyOutlivesTheConnection() throws IOException {
    SoftHsmToken token = token();
    byte[] before;
    byte[] body;
    DomainKey made;
    try (Hsm hsm = open(token.uri())) {
      made = hsm.createDomainKey(HsmContract.newId(), WrapPolicy.STRICT);
      before = made.hmac(new byte[3]);
      body = made.generate(SECRET).body();
    }
    assertThrows(HsmException.Unavailable.class, () -> made.hmac(new byte[3]));

    try (Hsm hsm = open(token.uri())) {
      DomainKey found = hsm.findDomainKey(made.id()).orElseThrow();
      assertEquals(WrapPolicy.STRICT, found.wrapPolicy());
      assertArrayEquals(before, found.hmac(new byte[3]));
      found.unwrap(SECRET, body).close();
    }
  }

  @Test
  void domainKeyWithAMissingObjectIsUntrustworthy() throws IOException {
    SoftHsmToken token = token();
    try (Hsm hsm = open(token.uri())) {
      DomainKey domain = hsm.createDomainKey(HsmContract.newId(), WrapPolicy.OPEN);

      token.deleteKdf(domain.id());

      assertThrows(HsmException.Untrustworthy.class, () -> hsm.findDomainKey(domain.id()));
      hsm.destroyDomainKey(domain.id());
      assertTrue(hsm.findDomainKey(domain.id()).isEmpty());
    }
  }

  @Test
  void onlyAnIncompleteDomainKeyIsReplacedByAnother() throws IOException {
    SoftHsmToken token = token();
    try (Hsm hsm = open(token.uri())) {
      DomainKey domain = hsm.createDomainKey(HsmContract.newId(), WrapPolicy.OPEN);
      byte[] before = domain.hmac(new byte[1]);
      assertThrows(
          HsmException.AlreadyExists.class,
          () -> hsm.createDomainKey(domain.id(), WrapPolicy.OPEN));
      assertArrayEquals(before, domain.hmac(new byte[1]));

      token.deleteKdf(domain.id());

      DomainKey anew = hsm.createDomainKey(domain.id(), WrapPolicy.OPEN);
      assertFalse(Arrays.equals(before, anew.hmac(new byte[1])));
      assertEquals(4, token.ids().size());
    }
  }

  @Test
  void twoTokensInOneProcessAreTwoHsms() throws IOException {
    try (Hsm one = open(token().uri());
        Hsm other = open(token().uri())) {
      DomainKey domain = one.createDomainKey(HsmContract.newId(), WrapPolicy.OPEN);

      assertTrue(other.findDomainKey(domain.id()).isEmpty());
      DomainKey twin = other.createDomainKey(domain.id(), WrapPolicy.OPEN);
      assertFalse(Arrays.equals(domain.hmac(new byte[1]), twin.hmac(new byte[1])));
      byte[] body = domain.generate(SECRET).body();
      assertThrows(HsmException.Tampered.class, () -> twin.unwrap(SECRET, body));
    }
  }

  @Test
  void closingOneUserOfATokenLeavesTheOtherWorking() throws IOException {
    SoftHsmToken token = token();
    try (Hsm stays = open(token.uri())) {
      DomainKey domain = stays.createDomainKey(HsmContract.newId(), WrapPolicy.OPEN);
      try (BackingKey key = domain.unwrap(SECRET, domain.generate(SECRET).body())) {
        open(token.uri()).close();

        assertEquals(32, key.hmac(HashAlgorithm.SHA_256, new byte[1]).length);
      }
    }
  }

  @Test
  void worksBesideSunPkcs11OnTheSameModule() throws Exception {
    SoftHsmToken token = token();
    Path config =
        Files.writeString(
            folder.resolve("sun.cfg"),
            "name = beside\nlibrary = " + token.module() + "\nslotListIndex = 0\n");
    Provider sun = Security.getProvider("SunPKCS11").configure(config.toString());
    byte[] random = new byte[32];
    SecureRandom.getInstance("PKCS11", sun).nextBytes(random);

    try (Hsm hsm = open(token.uri())) {
      DomainKey domain = hsm.createDomainKey(HsmContract.newId(), WrapPolicy.OPEN);
      assertEquals(32, domain.hmac(random).length);
    }

    SecureRandom.getInstance("PKCS11", sun).nextBytes(random);
  }
}
