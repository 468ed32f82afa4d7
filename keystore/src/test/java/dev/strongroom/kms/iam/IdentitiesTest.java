// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.storage.AccessKeyRow;
import dev.strongroom.kms.storage.HmacRows;
import dev.strongroom.kms.storage.KeyStorage;
import dev.strongroom.kms.storage.Samples;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentitiesTest {
  private final AtomicInteger macs = new AtomicInteger();
  private String url;
  private KeyStorage storage;
  private Identities identities;

  @BeforeEach
  void open(@TempDir Path folder) {
    url = "jdbc:sqlite:" + folder.resolve("store.db");
    storage = Samples.open(url);
    identities = identities(storage);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private Identities identities(KeyStorage of) {
    HmacRows hmac = new HmacRows("access keys");
    AccessKeySecrets secrets =
        new AccessKeySecrets(
            hash -> {
              macs.incrementAndGet();
              return hmac.mac(1, hash);
            },
            new SecureRandom());
    return new Identities(of, Samples.ACCOUNT, secrets, new Object(), Samples.CLOCK);
  }

  private Caller authenticate(IssuedAccessKey key) {
    return identities.authenticate(key.accessKeyId(), key.secret());
  }

  @Test
  void rootAuthenticatesWithItsAccessKey() {
    Caller caller = authenticate(identities.createAccessKey(""));

    assertEquals(Caller.Kind.ROOT, caller.kind());
    assertEquals("arn:aws:iam::000000000000:root", caller.arn());
    assertTrue(identities.isLive(caller));
  }

  @Test
  void userAuthenticatesWithItsAccessKey() {
    identities.createUser("alice");
    IssuedAccessKey key = identities.createAccessKey("alice");

    Caller caller = authenticate(key);

    assertEquals("arn:aws:iam::000000000000:user/alice", caller.arn());
    assertEquals(key.accessKeyId(), caller.accessKeyId());
    assertTrue(identities.isLive(caller));
  }

  @Test
  void idsAndSecretsHaveTheirForm() {
    identities.createUser("alice");
    IssuedAccessKey key = identities.createAccessKey("alice");

    assertTrue(key.accessKeyId().matches("AKIA[A-Z2-7]{16}"), key.accessKeyId());
    assertTrue(new String(key.secret()).matches("[A-Za-z0-9_-]{43}"));
    assertTrue(identities.findUser("alice").orElseThrow().userId().matches("AIDA[A-Z2-7]{16}"));
    assertNotEquals(key.accessKeyId(), identities.createAccessKey("alice").accessKeyId());
  }

  @Test
  void everyChangedCharacterOfASecretIsRefused() {
    IssuedAccessKey key = identities.createAccessKey("");
    for (int i = 0; i < key.secret().length; i++) {
      char[] wrong = key.secret();
      wrong[i] = wrong[i] == 'A' ? 'B' : 'A';

      assertThrows(
          KmsException.UnrecognizedClient.class,
          () -> identities.authenticate(key.accessKeyId(), wrong));
    }
  }

  @Test
  void secretOfAnotherAccessKeyIsRefused() {
    IssuedAccessKey one = identities.createAccessKey("");
    IssuedAccessKey two = identities.createAccessKey("");

    assertThrows(
        KmsException.UnrecognizedClient.class,
        () -> identities.authenticate(one.accessKeyId(), two.secret()));
  }

  @Test
  void strangeIdsAndSecretsAreRefused() {
    IssuedAccessKey key = identities.createAccessKey("");
    for (String id : List.of("", "AKIA", "AKIA0000000000000000", "x".repeat(100_000), "é\ud800")) {
      assertThrows(
          KmsException.UnrecognizedClient.class, () -> identities.authenticate(id, key.secret()));
    }
    for (String secret : List.of("", "\ud800", "é".repeat(1000))) {
      assertThrows(
          KmsException.UnrecognizedClient.class,
          () -> identities.authenticate(key.accessKeyId(), secret.toCharArray()));
    }
  }

  @Test
  void unknownIdTakesTheSameMacsAsAWrongSecret() {
    IssuedAccessKey key = identities.createAccessKey("");
    assertThrows(
        KmsException.UnrecognizedClient.class,
        () -> identities.authenticate("AKIAUNKNOWNUNKNOWN22", new char[43]));

    int before = macs.get();
    assertThrows(
        KmsException.UnrecognizedClient.class,
        () -> identities.authenticate("AKIAUNKNOWNUNKNOWN22", new char[43]));
    int unknown = macs.get() - before;
    assertThrows(
        KmsException.UnrecognizedClient.class,
        () -> identities.authenticate(key.accessKeyId(), new char[43]));

    assertEquals(unknown, macs.get() - before - unknown);
  }

  @Test
  void inactiveAccessKeyIsRefusedAndItsCallersEndAtOnce() {
    IssuedAccessKey key = identities.createAccessKey("");
    Caller caller = authenticate(key);

    identities.updateAccessKey(key.accessKeyId(), false);

    assertFalse(identities.isLive(caller));
    assertThrows(KmsException.UnrecognizedClient.class, () -> authenticate(key));
  }

  @Test
  void callersLiveAgainWithTheirAccessKey() {
    IssuedAccessKey key = identities.createAccessKey("");
    Caller caller = authenticate(key);
    identities.updateAccessKey(key.accessKeyId(), false);

    identities.updateAccessKey(key.accessKeyId(), true);

    assertTrue(identities.isLive(caller));
  }

  @Test
  void otherAccessKeysAreNotTouched() {
    Caller staying = authenticate(identities.createAccessKey(""));
    IssuedAccessKey leaving = identities.createAccessKey("");

    identities.updateAccessKey(leaving.accessKeyId(), false);

    assertTrue(identities.isLive(staying));
  }

  @Test
  void deactivationElsewhereIsSeen() throws InterruptedException {
    IssuedAccessKey key = identities.createAccessKey("");
    Caller caller = authenticate(key);

    try (KeyStorage elsewhere = Samples.open(url)) {
      elsewhere.updateAccessKey(key.accessKeyId(), false);
    }

    for (int i = 0; i < 500 && identities.isLive(caller); i++) {
      Thread.sleep(10);
    }
    assertFalse(identities.isLive(caller));
  }

  @Test
  void callersOfAnotherKmsAreNotLive() {
    IssuedAccessKey key = identities.createAccessKey("");
    authenticate(key);
    Identities other = identities(storage);

    assertFalse(identities.isLive(other.authenticate(key.accessKeyId(), key.secret())));
    assertFalse(identities.isLive(Caller.root(new Object(), Samples.ACCOUNT, key.accessKeyId())));
  }

  @Test
  void userNamesFollowTheirSyntax() {
    for (String good : List.of("a", "Alice_1+=,.@-", "x".repeat(64))) {
      assertEquals(good, identities.createUser(good).name());
    }
    for (String bad : List.of("", "a b", "a/b", "é", "x".repeat(65), "a\n")) {
      assertThrows(KmsException.Validation.class, () -> identities.createUser(bad), bad);
    }
  }

  @Test
  void usersHaveTwoAccessKeysAtMost() {
    identities.createUser("alice");
    identities.createAccessKey("alice");
    identities.createAccessKey("alice");

    assertThrows(KmsException.LimitExceeded.class, () -> identities.createAccessKey("alice"));
    assertThrows(KmsException.NotFound.class, () -> identities.createAccessKey("bob"));
  }

  @Test
  void destroyedSecretIsGone() {
    IssuedAccessKey key = identities.createAccessKey("");

    key.destroy();

    assertTrue(key.isDestroyed());
    assertThrows(IllegalStateException.class, key::secret);
    assertEquals("IssuedAccessKey[" + key.accessKeyId() + "]", key.toString());
  }

  @Test
  void storeHoldsTheVerifierAndNotTheSecret() {
    IssuedAccessKey key = identities.createAccessKey("");
    AccessKeyRow row = identities.listAccessKeys("").get(0);

    byte[] secret = new String(key.secret()).getBytes(StandardCharsets.UTF_8);
    assertEquals(32, row.verifier().length);
    assertFalse(Arrays.equals(secret, row.verifier()));
  }

  /** Computed by a program of a few lines in another language. */
  @Test
  void verifierHasItsKnownValue() {
    AccessKeySecrets secrets = new AccessKeySecrets(hash -> hash, new SecureRandom());

    byte[] verifier = secrets.verifier("AKIAEXAMPLEEXAMPLE22", "sécret".toCharArray());

    assertArrayEquals(
        HexFormat.of().parseHex("498418998b123f7cb54f9806478432fd8a68fa4a0e36d236a0274ab295010a1e"),
        verifier);
  }
}
