// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a flight recording has of a KMS. */
class FlightRecordingTest {
  private static final EncryptionAlgorithm SYMMETRIC = EncryptionAlgorithm.SYMMETRIC_DEFAULT;
  private static final String OPERATION = "dev.strongroom.Operation";
  private static final String HSM_CALL = "dev.strongroom.HsmCall";

  private final Path folder;
  private final KmsFixture fixture;
  private final Kms kms;
  private final Caller root;
  private final KeyId key;

  FlightRecordingTest(@TempDir Path folder) {
    this.folder = folder;
    this.fixture = KmsFixture.in(folder.resolve("home"));
    this.kms = fixture.kms();
    this.root = fixture.root();
    this.key = fixture.symmetricKey();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private Path file() {
    return folder.resolve("recording.jfr");
  }

  /** Records some work, with everything of ours that takes any time at all. */
  private List<RecordedEvent> recorded(Runnable work) throws IOException {
    try (Recording recording = new Recording()) {
      recording.enable(OPERATION).withoutThreshold();
      recording.enable(HSM_CALL).withoutThreshold();
      recording.start();
      work.run();
      recording.stop();
      recording.dump(file());
    }
    return RecordingFile.readAllEvents(file());
  }

  private static List<RecordedEvent> ofType(List<RecordedEvent> events, String type) {
    return events.stream().filter(event -> event.getEventType().getName().equals(type)).toList();
  }

  private static RecordedEvent operation(List<RecordedEvent> events, String name) {
    List<RecordedEvent> found =
        ofType(events, OPERATION).stream()
            .filter(event -> name.equals(event.getString("operation")))
            .toList();
    assertEquals(1, found.size(), () -> name + " in " + events);
    return found.get(0);
  }

  @Test
  void aCallIsAnEventWithItsTime() throws IOException {
    long start = System.nanoTime();
    List<RecordedEvent> events =
        recorded(() -> kms.encrypt(root, key, SYMMETRIC, new byte[9], EncryptionContext.EMPTY));
    long most = System.nanoTime() - start;

    RecordedEvent event = operation(events, "Encrypt");
    assertEquals(kms.describeKey(root, key).arn().text(), event.getString("key"));
    assertEquals("000000000000", event.getString("account"));
    assertNull(event.getString("errorCode"));
    long nanos = event.getDuration().toNanos();
    assertTrue(nanos > 0 && nanos < most, event::toString);
  }

  @Test
  void refusalsAndFailuresAreEventsWithTheirCode() throws IOException {
    Caller stranger = fixture.user("stranger");
    byte[] blob =
        kms.encrypt(root, key, SYMMETRIC, new byte[9], EncryptionContext.EMPTY).ciphertextBlob();
    blob[blob.length - 1]++;
    List<RecordedEvent> events =
        recorded(
            () -> {
              assertThrows(
                  KmsException.AccessDenied.class,
                  () -> kms.generateDataKey(stranger, key, 32, EncryptionContext.EMPTY));
              assertThrows(
                  KmsException.InvalidCiphertext.class,
                  () -> kms.decrypt(root, null, SYMMETRIC, blob, EncryptionContext.EMPTY));
            });

    assertEquals(
        "AccessDeniedException", operation(events, "GenerateDataKey").getString("errorCode"));
    assertEquals("InvalidCiphertextException", operation(events, "Decrypt").getString("errorCode"));
  }

  @Test
  void aCallToTheHsmIsAnEvent() throws IOException {
    List<RecordedEvent> events = recorded(() -> kms.generateRandom(root, 32));

    assertTrue(
        ofType(events, HSM_CALL).stream()
            .anyMatch(event -> event.getString("call").equals("Random")),
        events::toString);
  }

  @Test
  void aRecordingThatDoesNotSayMoreHasTheSlowCallsOnly() throws IOException {
    try (Recording recording = new Recording()) {
      recording.start();
      for (int i = 0; i < 2000; i++) {
        kms.encrypt(root, key, SYMMETRIC, new byte[9], EncryptionContext.EMPTY);
      }
      recording.stop();
      recording.dump(file());
    }

    List<RecordedEvent> found = ofType(RecordingFile.readAllEvents(file()), OPERATION);
    assertTrue(found.size() < 1000, () -> found.size() + " of 2000");
    assertTrue(found.stream().allMatch(event -> event.getDuration().toMillis() >= 1));
  }

  @Test
  void noSecretIsInARecording() throws IOException {
    byte[] plaintext = "the plaintext of a call".getBytes(StandardCharsets.UTF_8);
    EncryptionContext context = EncryptionContext.of(Map.of("patient", "a name in a context"));
    byte[][] made = new byte[3][];
    try (Credentials credentials = fixture.config().credentials().orElseThrow()) {
      recorded(
          () -> {
            Caller caller = kms.authenticate(credentials.accessKeyId(), credentials.secret());
            made[0] = kms.encrypt(caller, key, SYMMETRIC, plaintext, context).ciphertextBlob();
            kms.decrypt(caller, null, SYMMETRIC, made[0], context);
            made[1] = kms.generateDataKey(caller, key, 32, context).plaintext();
            made[2] = kms.generateRandom(caller, 32);
            assertThrows(
                KmsException.InvalidCiphertext.class,
                () -> kms.decrypt(caller, null, SYMMETRIC, made[0], EncryptionContext.EMPTY));
          });

      assertIsNotRecorded(new String(credentials.secret()).getBytes(StandardCharsets.UTF_8));
    }
    assertIsNotRecorded(plaintext);
    assertIsNotRecorded("a name in a context".getBytes(StandardCharsets.UTF_8));
    for (byte[] secret : made) {
      assertIsNotRecorded(secret);
    }
    assertTrue(isRecorded(key.text().getBytes(StandardCharsets.UTF_8)), "the search finds nothing");
  }

  private void assertIsNotRecorded(byte[] secret) throws IOException {
    String hex = HexFormat.of().formatHex(secret);
    String base64 = Base64.getEncoder().withoutPadding().encodeToString(secret);
    List<byte[]> forms =
        List.of(
            secret,
            hex.getBytes(StandardCharsets.UTF_8),
            hex.toUpperCase(java.util.Locale.ROOT).getBytes(StandardCharsets.UTF_8),
            base64.getBytes(StandardCharsets.UTF_8));
    for (byte[] form : forms) {
      assertFalse(isRecorded(form), hex);
    }
  }

  /** Strings of recordings are UTF-8 or UTF-16. */
  private boolean isRecorded(byte[] form) throws IOException {
    String file = new String(Files.readAllBytes(file()), StandardCharsets.ISO_8859_1);
    String searched = new String(form, StandardCharsets.ISO_8859_1);
    String wide = searched.replaceAll("(?s)(.)", "$1\0");
    return file.contains(searched) || file.contains(wide);
  }
}
