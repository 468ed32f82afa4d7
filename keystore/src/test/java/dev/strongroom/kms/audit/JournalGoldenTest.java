// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A journal of version 1 that was written on 2026-01-01: {@link Events#decrypt}, {@link
 * Events#refused} and {@link Events#rotation}, each in a block of its own, under {@link
 * Events#keyOf}, version 1. It must open for ever.
 */
class JournalGoldenTest {
  private static final UUID STREAM = UUID.fromString("f309e9dc-9a5c-4721-b5de-f6920f566920");

  @TempDir Path folder;

  private byte[] bytes = new byte[0];

  @BeforeEach
  void copyJournal() throws IOException {
    String name = STREAM + "-000000.journal";
    try (InputStream in = getClass().getResourceAsStream(name)) {
      bytes = Objects.requireNonNull(in, name).readAllBytes();
      Files.write(folder.resolve(name), bytes);
    }
  }

  @Test
  void oldJournalIsIntact() {
    Verification verification = Events.verifier(folder).verify(STREAM);

    assertEquals(
        new Verification(
            STREAM, Verification.Closing.BY_ITS_PROCESS, 3, 3, 0, 0, 0, List.of(), List.of()),
        verification);
  }

  @Test
  void oldRecordsAreRead() {
    List<AuditRecord> records = Events.lookup(folder, AuditQuery.newest(10)).run();

    assertEquals(
        new AuditRecord(
            STREAM.toString(),
            0,
            Instant.parse("2026-01-01T12:00:00.123Z"),
            "Decrypt",
            true,
            Optional.of("arn:aws:iam::111122223333:user/alice"),
            Optional.of("AKIAALICE"),
            Optional.empty(),
            Optional.of(Events.KEY.text()),
            Optional.of(Events.MATERIAL),
            Map.of("tenant", "a"),
            Map.of("encryptionAlgorithm", "SYMMETRIC_DEFAULT"),
            Optional.of("key policy, statement 1 \"Users\""),
            Optional.empty(),
            Optional.empty(),
            Map.of("host", "golden.example", "agent", "strongroom/1"),
            AuditRecord.Integrity.SEALED,
            records.get(0).requestId()),
        records.get(0));
    assertEquals(Optional.of("AccessDeniedException"), records.get(1).errorCode());
    assertEquals("RotateKey", records.get(2).eventName());
  }

  /** Follows the formulas of {@link JournalFormat} with nothing of ours but the numbers. */
  @Test
  void sealsAreWhatTheFormulasSay() throws GeneralSecurityException {
    byte[] key = Events.keyOf(STREAM, 1);
    byte[] previousMac = new byte[32];
    int blockStart = 0;
    long seals = 0;

    for (int at = 8; at < bytes.length; ) {
      int word = ByteBuffer.wrap(bytes).getInt(at);
      int length = (8 + (word & 0xffffff) + 3) / 4 * 4;
      if (word >>> 24 == 4) {
        byte[] fields = Arrays.copyOfRange(bytes, at + 8, at + 8 + 17);
        byte[] mac = Arrays.copyOfRange(bytes, at + 8 + 17, at + 8 + 49);
        byte[] block = Arrays.copyOfRange(bytes, blockStart, at);
        assertArrayEquals(mac(key, fields, sha256(previousMac, block)), mac);

        key = hmac(key, "strongroom/1/audit/next".getBytes(StandardCharsets.UTF_8));
        previousMac = mac;
        blockStart = at + length;
        seals++;
      }
      at += length;
    }
    assertEquals(bytes.length, blockStart);
    assertTrue(seals >= 4);
  }

  private static byte[] mac(byte[] key, byte[] fields, byte[] hash)
      throws GeneralSecurityException {
    ByteBuffer input = ByteBuffer.allocate(24 + 33 + 32);
    input.put("strongroom/1/audit/seal\0".getBytes(StandardCharsets.UTF_8));
    input.putLong(STREAM.getMostSignificantBits()).putLong(STREAM.getLeastSignificantBits());
    input.put(fields, 1, 16).put(fields[0]).put(hash);
    return hmac(key, input.array());
  }

  private static byte[] hmac(byte[] key, byte[] input) throws GeneralSecurityException {
    Mac hmac = Mac.getInstance("HmacSHA256");
    hmac.init(new SecretKeySpec(key, "HmacSHA256"));
    return hmac.doFinal(input);
  }

  private static byte[] sha256(byte[] first, byte[] second) throws GeneralSecurityException {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    sha256.update(first);
    return sha256.digest(second);
  }
}
