// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.field;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.EncryptionContext;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FieldLimitsTest {
  private static final byte[] VALUE = new byte[10];

  private final Fields room = new Fields();

  @AfterEach
  void close() {
    room.close();
  }

  @Test
  void aDataKeySealsAsManyMessagesAsItMay() {
    try (FieldEncryptor fields = room.encryptor(FieldLimits.DEFAULT.withMaxMessages(3))) {
      for (int i = 0; i < 7; i++) {
        fields.encrypt(VALUE);
      }
    }

    assertEquals(3, room.recorded("GenerateDataKey"));
  }

  @Test
  void aDataKeySealsAsManyBytesAsItMay() {
    try (FieldEncryptor fields = room.encryptor(FieldLimits.DEFAULT.withMaxBytes(25))) {
      for (int i = 0; i < 4; i++) {
        fields.encrypt(VALUE);
      }
      assertThrows(IllegalArgumentException.class, () -> fields.encrypt(new byte[26]));
    }

    assertEquals(2, room.recorded("GenerateDataKey"));
  }

  @Test
  void aDataKeyIsUsedUntilItsAgeInBothDirections() {
    try (FieldEncryptor fields = room.encryptor(FieldLimits.DEFAULT)) {
      byte[] message = fields.encrypt(VALUE);
      fields.decrypt(message);
      room.nanos.addAndGet(Duration.ofMinutes(5).toNanos() - 1);
      fields.encrypt(VALUE);
      fields.decrypt(message);
      assertEquals(1, room.recorded("GenerateDataKey"));
      assertEquals(1, room.recorded("Decrypt"));

      room.nanos.addAndGet(1);
      fields.encrypt(VALUE);
      fields.decrypt(message);
      assertEquals(2, room.recorded("GenerateDataKey"));
      assertEquals(2, room.recorded("Decrypt"));
    }
  }

  @Test
  void eachContextHasItsDataKey() {
    try (FieldEncryptor fields = room.encryptor(FieldLimits.DEFAULT)) {
      fields.within(Map.of("tenant", "a")).encrypt(VALUE);
      fields.within(Map.of("tenant", "b")).encrypt(VALUE);
      fields.within(Map.of("tenant", "a")).encrypt(VALUE);
    }

    assertEquals(2, room.recorded("GenerateDataKey"));
  }

  @Test
  void cachesAreBounded() {
    try (FieldEncryptor fields = room.encryptor(FieldLimits.DEFAULT.withMaxKeys(20))) {
      for (int i = 0; i < 100; i++) {
        room.nanos.incrementAndGet();
        FieldEncryptor tenant = fields.within(Map.of("tenant", Integer.toString(i)));
        assertArrayEquals(VALUE, tenant.decrypt(tenant.encrypt(VALUE)));
        assertTrue(fields.keysInClear() <= 40, () -> "" + fields.keysInClear());
      }
    }
  }

  @Test
  void idleKeysAreWiped() {
    FieldLimits brief = FieldLimits.DEFAULT.withMaxAge(Duration.ofMillis(50));
    try (FieldEncryptor fields = FieldEncryptor.of(room.cmk, brief)) {
      for (int round = 0; round < 3; round++) {
        fields.decrypt(fields.encrypt(VALUE));
        assertTimeoutPreemptively(
            Duration.ofSeconds(30),
            () -> {
              while (fields.keysInClear() > 0) {
                Thread.sleep(10);
              }
            });
      }
    }
  }

  @Test
  void closingWipesEverythingForAllThatShareIt() {
    FieldEncryptor fields = room.encryptor(FieldLimits.DEFAULT);
    FieldEncryptor tenant = fields.within(Map.of("tenant", "a"));
    byte[] message = tenant.encrypt(VALUE);
    tenant.decrypt(message);
    assertEquals(2, fields.keysInClear());

    fields.close();

    assertEquals(0, fields.keysInClear());
    assertThrows(IllegalStateException.class, () -> tenant.encrypt(VALUE));
    assertThrows(IllegalStateException.class, () -> tenant.decrypt(message));
    assertFalse(tenant.toString().contains("a,"));
  }

  @Test
  void aCheckpointHoldsNoKeyAndWorkGoesOnAfterIt() {
    EncryptionContext context = EncryptionContext.EMPTY;
    Binding binding = new Binding(FieldMessage.contextAad(context), new byte[0]);
    try (FieldKeys keys = new FieldKeys(room.cmk, FieldLimits.DEFAULT, room.nanos::get)) {
      byte[] message = keys.seal(context, VALUE, binding);
      keys.open(context, FieldMessage.parse(message), binding);
      assertEquals(2, keys.size());

      keys.beforeCheckpoint();

      assertEquals(0, keys.size());
      assertArrayEquals(VALUE, keys.open(context, FieldMessage.parse(message), binding));
    }
  }

  @Test
  void limitsHaveBounds() {
    FieldLimits limits = FieldLimits.DEFAULT;
    assertThrows(IllegalArgumentException.class, () -> limits.withMaxAge(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> limits.withMaxAge(Duration.ofDays(2)));
    assertThrows(IllegalArgumentException.class, () -> limits.withMaxMessages((1L << 32) + 1));
    assertThrows(IllegalArgumentException.class, () -> limits.withMaxBytes(0));
    assertThrows(IllegalArgumentException.class, () -> limits.withMaxKeys(0));
  }
}
