// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The front door as a whole: who gets in, what is recorded, what outlives and follows what. */
class KmsEngineTest {
  private static final EncryptionContext CONTEXT = EncryptionContext.of(Map.of("tenant", "a"));
  private static final EncryptionAlgorithm SYMMETRIC = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  private static final byte[] PLAINTEXT = "a secret".getBytes(StandardCharsets.UTF_8);
  @TempDir Path home;
  private KmsFixture fixture;
  private Kms kms;
  private Caller root;

  @BeforeEach
  void open() {
    fixture = KmsFixture.in(home);
    kms = fixture.kms();
    root = fixture.root();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private byte[] encrypt(KeyId key) {
    return kms.encrypt(root, key, SYMMETRIC, PLAINTEXT, CONTEXT).ciphertextBlob();
  }

  @Test
  void aUserThatNoPolicyNamesCannotTellAForbiddenKeyFromAnUnknownOne() {
    KeyId key = fixture.symmetricKey();
    byte[] blob = encrypt(key);
    byte[] unknownBlob = blob.clone();
    unknownBlob[5] ^= 1; // in the key id
    Caller alice = fixture.user("alice");

    KmsException forbidden =
        assertThrows(
            KmsException.AccessDenied.class,
            () -> kms.decrypt(alice, null, SYMMETRIC, blob, CONTEXT));
    KmsException unknown =
        assertThrows(
            KmsException.AccessDenied.class,
            () -> kms.decrypt(alice, null, SYMMETRIC, unknownBlob, CONTEXT));

    assertEquals(withoutIds(forbidden), withoutIds(unknown));
    assertThrows(
        KmsException.AccessDenied.class,
        () -> kms.describeKey(alice, new KeyId(UUID.randomUUID())));
    assertThrows(
        KmsException.AccessDenied.class,
        () -> kms.createKey(alice, CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT)));
  }

  private static String withoutIds(KmsException refusal) {
    return String.valueOf(refusal.getMessage()).replaceAll("[0-9a-f-]{36}", "ID");
  }

  @Test
  void aPolicyThatNamesAUserLetsItIn() {
    Caller alice = fixture.user("alice");
    KeyId key = fixture.symmetricKey();
    String policy =
        """
        {"Version": "2012-10-17", "Statement": [
          {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:root"},
           "Action": "kms:*", "Resource": "*"},
          {"Sid": "Use", "Effect": "Allow",
           "Principal": {"AWS": "arn:aws:iam::000000000000:user/alice"},
           "Action": ["kms:Encrypt", "kms:DescribeKey"], "Resource": "*"}]}
        """;

    kms.putKeyPolicy(root, key, policy);

    byte[] blob = kms.encrypt(alice, key, SYMMETRIC, PLAINTEXT, CONTEXT).ciphertextBlob();
    assertThrows(
        KmsException.AccessDenied.class, () -> kms.decrypt(alice, null, SYMMETRIC, blob, CONTEXT));
    kms.putKeyPolicy(root, key, policy.replace("kms:Encrypt", "kms:Decrypt"));
    assertArrayEquals(PLAINTEXT, kms.decrypt(alice, null, SYMMETRIC, blob, CONTEXT).plaintext());
    assertThrows(
        KmsException.AccessDenied.class,
        () -> kms.encrypt(alice, key, SYMMETRIC, PLAINTEXT, CONTEXT));
  }

  @Test
  void wrongSecretsAndUnknownAccessKeysAreRefusedAlike() {
    KmsException unknown =
        assertThrows(
            KmsException.UnrecognizedClient.class,
            () -> kms.authenticate("AKIAUNKNOWN", "x".toCharArray()));
    KmsException wrong =
        assertThrows(
            KmsException.UnrecognizedClient.class,
            () -> kms.authenticate(root.accessKeyId(), "x".toCharArray()));

    assertEquals(unknown.getMessage(), wrong.getMessage());
  }

  @Test
  void aCallerOfAnotherKmsIsRefused(@TempDir Path elsewhere) {
    KeyId key = fixture.symmetricKey();
    try (KmsFixture other = KmsFixture.in(elsewhere)) {
      assertThrows(KmsException.UnrecognizedClient.class, () -> kms.describeKey(other.root(), key));
    }
  }

  @Test
  void everyCallIsOnRecord() {
    KeyId key = fixture.symmetricKey();
    Caller alice = fixture.user("alice");
    byte[] blob = encrypt(key);
    kms.decrypt(root, null, SYMMETRIC, blob, CONTEXT);
    assertThrows(
        KmsException.AccessDenied.class, () -> kms.decrypt(alice, null, SYMMETRIC, blob, CONTEXT));
    assertThrows(
        KmsException.InvalidCiphertext.class,
        () -> kms.decrypt(root, null, SYMMETRIC, blob, EncryptionContext.EMPTY));

    List<AuditRecord> records = kms.lookupEvents(root, AuditQuery.newest(100));

    List<String> names = records.stream().map(AuditRecord::eventName).toList();
    assertEquals(
        List.of(
            "CreateKey",
            "CreateUser",
            "CreateAccessKey",
            "Encrypt",
            "Decrypt",
            "Decrypt",
            "Decrypt",
            "Decrypt",
            "LookupEvents"),
        names);
    AuditRecord encrypted = records.get(3);
    assertEquals(Map.of("tenant", "a"), encrypted.encryptionContext());
    assertEquals(kms.describeKey(root, key).arn().text(), encrypted.keyArn().orElseThrow());
    AuditRecord refused = records.get(5);
    assertEquals("AccessDeniedException", refused.errorCode().orElseThrow());
    assertEquals(alice.arn(), refused.callerArn().orElseThrow());
    AuditRecord failed = records.get(7);
    assertEquals("InvalidCiphertextException", failed.errorCode().orElseThrow());
  }

  @Test
  void keysAndCiphertextsOutliveTheProcess() {
    KeyId key = fixture.symmetricKey();
    byte[] blob = encrypt(key);
    fixture.close();

    fixture = KmsFixture.in(home);

    assertArrayEquals(
        PLAINTEXT,
        fixture.kms().decrypt(fixture.root(), key, SYMMETRIC, blob, CONTEXT).plaintext());
  }

  @Test
  void settingsThatLeadToOneKmsShareAnEngine() {
    try (KmsFixture again = KmsFixture.in(home)) {
      assertTrue(again.kms() == kms);
    }
    assertEquals(32, kms.generateRandom(root, 32).length);
  }

  @Test
  void aClosedKmsIsAnIllegalState(@TempDir Path elsewhere) {
    KmsFixture other = KmsFixture.in(elsewhere);
    other.close();

    assertThrows(IllegalStateException.class, () -> other.kms().listKeys(other.root(), null, 1));
    other.kms().close();
  }

  @Test
  void anotherProcessSeesChangesWithin100Milliseconds() throws InterruptedException {
    KeyId key = fixture.symmetricKey();
    byte[] blob = encrypt(key);
    try (EmbeddedKms other = fixture.secondProcess().get();
        Credentials credentials = fixture.config().credentials().orElseThrow()) {
      Caller there = other.authenticate(credentials.accessKeyId(), credentials.secret());
      other.decrypt(there, null, SYMMETRIC, blob, CONTEXT);

      kms.disableKey(root, key);
      Thread.sleep(100);

      assertThrows(
          KmsException.Disabled.class, () -> other.decrypt(there, null, SYMMETRIC, blob, CONTEXT));
    }
  }

  @Test
  void theKeyStoreViewFollowsChanges() {
    KeyId key = fixture.symmetricKey();
    KeyStoreView view = kms.openKeyStore(root);
    assertEquals(List.of(key.text()), view.names());

    kms.createAlias(root, new Alias("alias/app"), key);

    assertEquals(List.of("app"), view.names());
    assertTrue(view.find("app").isPresent());
    assertTrue(view.find("alias/app").isPresent());
    assertTrue(view.find(key.text()).isPresent());
    assertTrue(view.find(new KeyArn(kms.place(), key).text()).isPresent());
    kms.disableKey(root, key);
    assertFalse(view.find("app").isPresent());
    kms.enableKey(root, key);
    assertTrue(view.find("app").isPresent());
  }

  @Test
  void aKeyIdAndAnArnWinOverAliasesThatAreSpelledLikeThem() {
    KeyId key = fixture.symmetricKey();
    KeyId other = fixture.symmetricKey();
    String arn = new KeyArn(kms.place(), key).text();
    kms.createAlias(root, new Alias("alias/app"), key);
    for (String spelling : List.of(key.text(), arn, "alias/app")) {
      kms.createAlias(root, new Alias("alias/" + spelling), other);
    }
    KeyStoreView view = kms.openKeyStore(root);

    for (String name : List.of(key.text(), arn, "alias/app", "app")) {
      assertEquals(key, view.find(name).orElseThrow().keyId(), name);
    }
    for (String spelling : List.of(key.text(), arn, "alias/app")) {
      assertEquals(other, view.find("alias/" + spelling).orElseThrow().keyId(), spelling);
    }
    kms.disableKey(root, key);
    assertTrue(view.find(key.text()).isEmpty());
    assertTrue(view.find(arn).isEmpty());
    for (String name : view.names()) {
      assertEquals(name, view.find(name).orElseThrow().name());
    }
    assertEquals(3, view.names().size());
  }

  @Test
  void aTemporaryKmsLeavesNothingBehind() {
    Kms temporary = KmsEngines.temporary();

    assertEquals(Kms.Assurance.IN_PROCESS_JVM_KEYS, temporary.assurance());
    temporary.close();
  }
}
