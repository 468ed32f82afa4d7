// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.metrics.CallMetrics;
import dev.strongroom.kms.metrics.KmsMXBean;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a KMS counts, asked for in Java. */
class MetricsTest {
  private static final EncryptionAlgorithm SYMMETRIC = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  private static final EncryptionContext CONTEXT = EncryptionContext.of(Map.of("a", "b"));

  private final Path home;
  private final KmsFixture fixture;
  private final Kms kms;
  private final Caller root;
  private final KmsMXBean metrics;

  MetricsTest(@TempDir Path home) {
    this.home = home;
    this.fixture = KmsFixture.in(home);
    this.kms = fixture.kms();
    this.root = fixture.root();
    this.metrics = kms.metrics();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private byte[] encrypt(Caller caller, KeyId key) {
    return kms.encrypt(caller, key, SYMMETRIC, new byte[10], CONTEXT).ciphertextBlob();
  }

  private void decrypt(byte[] blob, EncryptionContext context) {
    kms.decrypt(root, null, SYMMETRIC, blob, context);
  }

  private CallMetrics of(String operation) {
    return Objects.requireNonNull(metrics.getOperations().get(operation), operation);
  }

  private static String outcomes(CallMetrics calls) {
    return calls.getCalls() + "/" + calls.getRefusals() + "/" + calls.getFailures();
  }

  private static String outcomes(KmsMXBean all) {
    return all.getCalls() + "/" + all.getRefusals() + "/" + all.getFailures();
  }

  @Test
  void callsAreCountedByOperation() {
    KeyId key = fixture.symmetricKey();
    byte[] blob = encrypt(root, key);
    encrypt(root, key);
    decrypt(blob, CONTEXT);

    assertEquals("2/0/0", outcomes(of("Encrypt")));
    assertEquals("1/0/0", outcomes(of("Decrypt")));
    assertEquals("1/0/0", outcomes(of("CreateKey")));
    assertFalse(metrics.getOperations().containsKey("Sign"));
    assertEquals(4, metrics.getCalls());
  }

  @Test
  void refusalsAreTheGatesAndFailuresTheWorks() {
    KeyId key = fixture.symmetricKey();
    byte[] blob = encrypt(root, key);
    Caller stranger = fixture.user("stranger");
    assertThrows(KmsException.AccessDenied.class, () -> encrypt(stranger, key));
    assertThrows(
        KmsException.InvalidCiphertext.class, () -> decrypt(blob, EncryptionContext.EMPTY));
    assertThrows(
        KmsException.InvalidCiphertext.class, () -> decrypt(new byte[7], EncryptionContext.EMPTY));
    kms.disableKey(root, key);
    assertThrows(KmsException.Disabled.class, () -> encrypt(root, key));

    assertEquals("3/2/0", outcomes(of("Encrypt")));
    assertEquals("2/1/1", outcomes(of("Decrypt")));
    assertEquals(3, metrics.getRefusals());
    assertEquals(1, metrics.getFailures());
  }

  @Test
  void aReEncryptionIsACallOfEachHalfAndFailsInBoth() {
    KeyId from = fixture.symmetricKey();
    KeyId to = fixture.symmetricKey();
    ReEncryptRequest request =
        new ReEncryptRequest(
            Optional.empty(), SYMMETRIC, CONTEXT, to, SYMMETRIC, EncryptionContext.EMPTY);
    byte[] blob = encrypt(root, from);
    kms.reEncrypt(root, blob, request);
    blob[blob.length - 1]++;
    assertThrows(KmsException.InvalidCiphertext.class, () -> kms.reEncrypt(root, blob, request));

    assertEquals("2/0/1", outcomes(of("ReEncryptFrom")));
    assertEquals("2/0/1", outcomes(of("ReEncryptTo")));
  }

  @Test
  void timeIsThatOfTheCall() {
    KeyId key =
        fixture.key(CreateKeyRequest.of(CmkSpec.RSA_4096).withUsage(KeyUsage.ENCRYPT_DECRYPT));

    CallMetrics made = of("CreateKey");
    assertEquals(1, made.getMeasured());
    assertTrue(made.getMeanMicros() > 1000, () -> key + ": " + made.getMeanMicros());
    assertEquals(made.getMeanMicros(), made.getMeasuredMicros());
    assertEquals(made.getMeanMicros(), made.getMedianMicros(), made.getMeanMicros() / 8);
  }

  @Test
  void subkeysAreCountedAsTheyAreFoundAndDerived() {
    KeyId key = fixture.symmetricKey();
    long hits = metrics.getSubkeyHits();
    long misses = metrics.getSubkeyMisses();
    int subkeys = metrics.getSubkeys();
    byte[] blob = encrypt(root, key);
    encrypt(root, key);
    decrypt(blob, CONTEXT);
    decrypt(blob, CONTEXT);

    assertEquals(2, metrics.getSubkeyHits() - hits);
    assertEquals(2, metrics.getSubkeyMisses() - misses);
    assertEquals(2, metrics.getSubkeys() - subkeys);
  }

  @Test
  void callsToTheHsmAreCountedByKind() {
    kms.generateRandom(root, 32);
    CallMetrics random = Objects.requireNonNull(metrics.getHsmCalls().get("Random"));

    assertTrue(random.getCalls() >= 1);
    assertEquals(random.getCalls(), random.getMeasured());
    assertEquals(0, random.getFailures());
    assertTrue(metrics.getHsmCalls().containsKey("Hmac"));
  }

  @Test
  void theJournalGrowsAndIsWritten() throws InterruptedException {
    long records = metrics.getRecords();
    long bytes = metrics.getJournalBytes();
    encrypt(root, fixture.symmetricKey());
    Waits.millisUntil(
        () -> metrics.getUnflushedMillis() == 0 && metrics.getLastFlushAgeMillis() >= 0);

    assertTrue(metrics.isJournalWritable());
    assertTrue(metrics.getRecords() >= records + 2);
    assertTrue(metrics.getJournalBytes() > bytes);
  }

  @Test
  void callsThatCannotBeRecordedAreFailures() throws IOException {
    Path folder = Files.writeString(home.resolve("no-folder"), "a file is in its place");
    Files.writeString(home.resolve("strongroom.properties"), "audit=" + folder + "\n");
    try (EmbeddedKms other = KmsAssembly.open(KmsConfig.inHome(home), () -> {});
        Credentials credentials = fixture.config().credentials().orElseThrow()) {
      Caller caller = other.authenticate(credentials.accessKeyId(), credentials.secret());
      assertThrows(KmsException.AuditUnavailable.class, () -> other.generateRandom(caller, 1));

      assertEquals("1/0/1", outcomes(other.metrics()));
      assertFalse(other.metrics().isJournalWritable());
      assertEquals(-1, other.metrics().getLastFlushAgeMillis());
    }
  }

  @Test
  void refusalsThatCannotBeRecordedAreRefusalsAndTakeTheirTime() throws IOException {
    KeyId key = fixture.symmetricKey();
    kms.iam().createUser(root, "stranger", null);
    NewAccessKey accessKey = kms.iam().createAccessKey(root, "stranger");
    Path folder = Files.writeString(home.resolve("no-folder"), "a file is in its place");
    Files.writeString(home.resolve("strongroom.properties"), "audit=" + folder + "\n");
    try (EmbeddedKms other = KmsAssembly.open(KmsConfig.inHome(home), () -> {})) {
      Caller stranger = other.authenticate(accessKey.accessKeyId(), accessKey.secret());
      for (int i = 0; i < 5; i++) {
        long start = System.nanoTime();
        assertThrows(
            KmsException.AuditUnavailable.class,
            () -> other.generateDataKey(stranger, key, 32, EncryptionContext.EMPTY));
        assertTrue(System.nanoTime() - start >= 10_000_000);
      }

      assertEquals("5/5/0", outcomes(other.metrics()));
    }
  }

  @Test
  void anUnknownKeyIsARefusalLikeAForbiddenOne() {
    KeyId unknown = new KeyId(new UUID(1, 2));
    Caller stranger = fixture.user("stranger");
    assertThrows(KmsException.AccessDenied.class, () -> encrypt(stranger, unknown));

    assertEquals("1/1/0", outcomes(of("Encrypt")));
  }

  @Test
  void aClosedKmsShowsWhatItCountedAndNothingElse() {
    encrypt(root, fixture.symmetricKey());
    fixture.close();

    assertEquals(1, of("Encrypt").getCalls());
    assertEquals(0, metrics.getSubkeys());
    assertFalse(metrics.isJournalWritable());
  }
}
