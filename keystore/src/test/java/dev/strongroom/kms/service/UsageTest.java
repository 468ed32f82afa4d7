// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.audit.usage.UsageQuery;
import dev.strongroom.kms.audit.usage.UsageSum;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageTest {
  private static final EncryptionAlgorithm ALGORITHM = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  private static final EncryptionContext NONE = EncryptionContext.EMPTY;

  private final KmsFixture fixture;
  private final Kms kms;
  private final Caller root;
  private final KeyId key;

  UsageTest(@TempDir Path home) {
    fixture = KmsFixture.in(home);
    kms = fixture.kms();
    root = fixture.root();
    key = fixture.symmetricKey();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private byte[] encrypt() {
    return kms.encrypt(root, key, ALGORITHM, new byte[] {1}, NONE).ciphertextBlob();
  }

  private byte[] changed() {
    byte[] blob = encrypt();
    blob[blob.length - 1] ^= 1;
    return blob;
  }

  @Test
  void keyThatWasNeverUsedHasNoLastUse() {
    GetKeyLastUsageResult result = kms.getKeyLastUsage(root, key);

    assertEquals(Optional.empty(), result.lastUsage());
    assertEquals(key, result.keyId());
    assertEquals(kms.describeKey(root, key).creationDate(), result.keyCreationDate());
  }

  @Test
  void lastUseIsTheOneThatSucceeded() {
    byte[] bad = changed();

    assertThrows(
        KmsException.InvalidCiphertext.class, () -> kms.decrypt(root, key, ALGORITHM, bad, NONE));

    AuditRecord use = kms.getKeyLastUsage(root, key).lastUsage().orElseThrow();
    assertEquals("Encrypt", use.eventName());
    assertEquals(Optional.of(root.arn()), use.callerArn());
  }

  @Test
  void reEncryptionThatFailsIsNoUseOfEitherKey() {
    KeyId other = fixture.symmetricKey();
    byte[] bad = changed();

    assertThrows(
        KmsException.InvalidCiphertext.class,
        () ->
            kms.reEncrypt(
                root,
                bad,
                new ReEncryptRequest(Optional.of(key), ALGORITHM, NONE, other, ALGORITHM, NONE)));

    assertEquals(Optional.empty(), kms.getKeyLastUsage(root, other).lastUsage());
    assertEquals("Encrypt", lastOperation());
  }

  /** The first key's call is on record when the second one's is refused. */
  @Test
  void reEncryptionThatFindsTheGrantUsedUpIsNoUseOfTheSource() {
    KeyId other = fixture.symmetricKey();
    Caller batch = fixture.user("batch");
    kms.createGrant(
        root, CreateGrantRequest.of(key, batch.arn(), Set.of(Operation.RE_ENCRYPT_FROM)));
    kms.createGrant(
        root,
        CreateGrantRequest.of(other, batch.arn(), Set.of(Operation.RE_ENCRYPT_TO)).withMaxUses(1));
    byte[] blob = encrypt();
    ReEncryptRequest request =
        new ReEncryptRequest(Optional.of(key), ALGORITHM, NONE, other, ALGORITHM, NONE);
    kms.reEncrypt(batch, blob, request);
    encrypt();

    assertThrows(KmsException.AccessDenied.class, () -> kms.reEncrypt(batch, blob, request));

    assertEquals("Encrypt", lastOperation());
    assertEquals(
        "ReEncrypt", kms.getKeyLastUsage(root, other).lastUsage().orElseThrow().eventName());
  }

  private String lastOperation() {
    return kms.getKeyLastUsage(root, key).lastUsage().orElseThrow().eventName();
  }

  @Test
  void usesAreSummedUpByCallerAndOperation() {
    Caller alice = fixture.user("alice");
    encrypt();
    byte[] blob = encrypt();
    assertThrows(
        KmsException.AccessDenied.class, () -> kms.decrypt(alice, key, ALGORITHM, blob, NONE));

    List<UsageSum> sums = sums(key);

    assertEquals(
        List.of("root Encrypt 2 0", "user/alice Decrypt 0 1"),
        sums.stream().map(UsageTest::text).toList());
  }

  private static String text(UsageSum sum) {
    return sum.callerArn().replaceFirst(".*:", "")
        + " "
        + sum.operation()
        + " "
        + sum.calls()
        + " "
        + sum.refusals();
  }

  private List<UsageSum> sums(KeyRef ref) {
    return kms.summarizeUsage(
            root, new UsageQuery(Optional.of(ref), Optional.empty(), Optional.empty()))
        .sums();
  }

  @Test
  void keyIsNamedByAliasToo() {
    Alias alias = new Alias("alias/app");
    kms.createAlias(root, alias, key);
    encrypt();

    assertEquals(sums(key), sums(alias));
    assertThrows(KmsException.NotFound.class, () -> sums(new Alias("alias/none")));
  }

  @Test
  void usageIsForWhoeverMayAskForItAndIsOnRecord() {
    Caller alice = fixture.user("alice");

    assertThrows(KmsException.AccessDenied.class, () -> kms.summarizeUsage(alice, UsageQuery.ALL));
    assertThrows(KmsException.AccessDenied.class, () -> kms.getKeyLastUsage(alice, key));
    kms.summarizeUsage(root, UsageQuery.ALL);

    assertEquals(
        List.of("SummarizeUsage", "GetKeyLastUsage", "SummarizeUsage"),
        kms.lookupEvents(root, AuditQuery.newest(4)).stream()
            .map(AuditRecord::eventName)
            .filter(name -> !name.equals("LookupEvents"))
            .toList());
  }
}
