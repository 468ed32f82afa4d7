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
import dev.strongroom.kms.storage.AccessKeyUse;
import dev.strongroom.kms.storage.HmacRows;
import dev.strongroom.kms.storage.KeyStorage;
import dev.strongroom.kms.storage.Samples;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentitiesTest {
  private final AtomicInteger macs = new AtomicInteger();
  private final HmacRows hmac = new HmacRows("access keys");
  private final AccessKeySecrets secrets =
      new AccessKeySecrets(
          hash -> {
            macs.incrementAndGet();
            return hmac.mac(1, hash);
          },
          new SecureRandom());
  private String url;
  private KeyStorage storage;
  private Identities identities;
  private AccessKeys accessKeys;
  private AccessKeyUses uses;

  @BeforeEach
  void open(@TempDir Path folder) {
    url = "jdbc:sqlite:" + folder.resolve("store.db");
    storage = Samples.open(url);
    accessKeys = new AccessKeys(storage, secrets, Samples.CLOCK);
    uses = new AccessKeyUses(storage, "local", Samples.CLOCK);
    identities = identities(storage);
  }

  @AfterEach
  void close() {
    storage.close();
  }

  private Identities identities(KeyStorage of) {
    Object issuer = new Object();
    SessionTokens tokens = new SessionTokens(hash -> hmac.mac(2, hash));
    RoleSessions sessions = new RoleSessions(of, secrets, tokens, issuer, Samples.CLOCK);
    return new Identities(of, Samples.ACCOUNT, secrets, uses, sessions, issuer);
  }

  private Caller authenticate(IssuedAccessKey key) {
    return identities.authenticate(key.accessKeyId(), key.secret());
  }

  @Test
  void rootAuthenticatesWithItsAccessKey() {
    Caller caller = authenticate(accessKeys.create(Samples.ACCOUNT, ""));

    assertEquals(Caller.Kind.ROOT, caller.kind());
    assertEquals("arn:aws:iam::000000000000:root", caller.arn());
    assertTrue(identities.isLive(caller, "kms"));
  }

  @Test
  void userAuthenticatesWithItsAccessKey() {
    Samples.put(storage, Samples.user("alice"));
    IssuedAccessKey key = accessKeys.create(Samples.ACCOUNT, "alice");

    Caller caller = authenticate(key);

    assertEquals("arn:aws:iam::000000000000:user/alice", caller.arn());
    assertEquals(key.accessKeyId(), caller.accessKeyId());
    assertTrue(identities.isLive(caller, "kms"));
  }

  @Test
  void idsAndSecretsHaveTheirForm() {
    Samples.put(storage, Samples.user("alice"));
    IssuedAccessKey key = accessKeys.create(Samples.ACCOUNT, "alice");

    assertTrue(key.accessKeyId().matches("AKIA[A-Z2-7]{16}"), key.accessKeyId());
    assertTrue(new String(key.secret()).matches("[A-Za-z0-9_-]{43}"));
    assertNotEquals(key.accessKeyId(), accessKeys.create(Samples.ACCOUNT, "alice").accessKeyId());
  }

  @Test
  void everyChangedCharacterOfASecretIsRefused() {
    IssuedAccessKey key = accessKeys.create(Samples.ACCOUNT, "");
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
    IssuedAccessKey one = accessKeys.create(Samples.ACCOUNT, "");
    IssuedAccessKey two = accessKeys.create(Samples.ACCOUNT, "");

    assertThrows(
        KmsException.UnrecognizedClient.class,
        () -> identities.authenticate(one.accessKeyId(), two.secret()));
  }

  @Test
  void strangeIdsAndSecretsAreRefused() {
    IssuedAccessKey key = accessKeys.create(Samples.ACCOUNT, "");
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
    IssuedAccessKey key = accessKeys.create(Samples.ACCOUNT, "");
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
    IssuedAccessKey key = accessKeys.create(Samples.ACCOUNT, "");
    Caller caller = authenticate(key);

    accessKeys.update(Samples.ACCOUNT, "", key.accessKeyId(), false);

    assertFalse(identities.isLive(caller, "kms"));
    assertThrows(KmsException.UnrecognizedClient.class, () -> authenticate(key));
  }

  @Test
  void callersLiveAgainWithTheirAccessKey() {
    IssuedAccessKey key = accessKeys.create(Samples.ACCOUNT, "");
    Caller caller = authenticate(key);
    accessKeys.update(Samples.ACCOUNT, "", key.accessKeyId(), false);

    accessKeys.update(Samples.ACCOUNT, "", key.accessKeyId(), true);

    assertTrue(identities.isLive(caller, "kms"));
  }

  @Test
  void otherAccessKeysAreNotTouched() {
    Caller staying = authenticate(accessKeys.create(Samples.ACCOUNT, ""));
    IssuedAccessKey leaving = accessKeys.create(Samples.ACCOUNT, "");

    accessKeys.update(Samples.ACCOUNT, "", leaving.accessKeyId(), false);

    assertTrue(identities.isLive(staying, "kms"));
  }

  @Test
  void deactivationElsewhereIsSeen() throws InterruptedException {
    IssuedAccessKey key = accessKeys.create(Samples.ACCOUNT, "");
    Caller caller = authenticate(key);

    try (KeyStorage elsewhere = Samples.open(url)) {
      elsewhere.updateAccessKey(key.accessKeyId(), false);
    }

    for (int i = 0; i < 500 && identities.isLive(caller, "kms"); i++) {
      Thread.sleep(10);
    }
    assertFalse(identities.isLive(caller, "kms"));
  }

  @Test
  void callersOfAnotherKmsAreNotLive() {
    IssuedAccessKey key = accessKeys.create(Samples.ACCOUNT, "");
    authenticate(key);
    Identities other = identities(storage);

    assertFalse(identities.isLive(other.authenticate(key.accessKeyId(), key.secret()), "kms"));
    assertFalse(
        identities.isLive(Caller.root(new Object(), Samples.ACCOUNT, key.accessKeyId()), "kms"));
  }

  @Test
  void usersHaveTwoAccessKeysAtMost() {
    Samples.put(storage, Samples.user("alice"));
    accessKeys.create(Samples.ACCOUNT, "alice");
    accessKeys.create(Samples.ACCOUNT, "alice");

    assertThrows(
        KmsException.LimitExceeded.class, () -> accessKeys.create(Samples.ACCOUNT, "alice"));
    assertThrows(KmsException.NoSuchEntity.class, () -> accessKeys.create(Samples.ACCOUNT, "bob"));
  }

  @Test
  void destroyedSecretIsGone() {
    IssuedAccessKey key = accessKeys.create(Samples.ACCOUNT, "");

    key.destroy();

    assertTrue(key.isDestroyed());
    assertThrows(IllegalStateException.class, key::secret);
    assertEquals("IssuedAccessKey[" + key.accessKeyId() + "]", key.toString());
  }

  @Test
  void storeHoldsTheVerifierAndNotTheSecret() {
    IssuedAccessKey key = accessKeys.create(Samples.ACCOUNT, "");
    AccessKeyRow row = accessKeys.list(Samples.ACCOUNT, "").get(0);

    byte[] secret = new String(key.secret()).getBytes(StandardCharsets.UTF_8);
    assertEquals(32, row.verifier().length);
    assertFalse(Arrays.equals(secret, row.verifier()));
  }

  @Test
  void firstCallOfAMinuteIsSavedAsTheLastUse() {
    IssuedAccessKey key = accessKeys.create(Samples.ACCOUNT, "");
    Caller caller = authenticate(key);
    assertEquals(Optional.empty(), accessKeys.lastUse(key.accessKeyId()));

    identities.isLive(caller, "kms");
    uses.save();
    long revision = storage.revision();
    identities.isLive(caller, "iam");
    uses.save();

    AccessKeyUse use = accessKeys.lastUse(key.accessKeyId()).orElseThrow();
    assertEquals(new AccessKeyUse(key.accessKeyId(), Samples.NOW, "kms", "local"), use);
    assertEquals(revision, storage.revision());
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
