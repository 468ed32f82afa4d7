// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.field;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.KmsException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.lifecycle.AfterContainer;

/** What holds for any value, context and binding. */
class FieldProperties {
  private static final Fields ROOM = new Fields();
  private static final FieldEncryptor ROOT = ROOM.encryptor(FieldLimits.DEFAULT.withMaxKeys(10));

  @AfterContainer
  static void close() {
    ROOT.close();
    ROOM.close();
  }

  @Property(tries = 300)
  void anyValueComesBack(
      @ForAll byte[] value,
      @ForAll byte[] boundTo,
      @ForAll @AlphaChars @StringLength(min = 1, max = 3) String tenant) {
    FieldEncryptor fields = ROOT.within(Map.of("tenant", tenant));

    assertArrayEquals(value, fields.decrypt(fields.encrypt(value, boundTo), boundTo));
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void whatIsNoMessageIsRefused(@ForAll @Size(max = 400) byte[] bytes) {
    assertThrows(KmsException.InvalidCiphertext.class, () -> ROOT.decrypt(bytes));
  }

  @Property(tries = 300)
  void anyOneChangedBitIsRefused(
      @ForAll byte[] value,
      @ForAll @IntRange(min = 0, max = 1 << 30) int where,
      @ForAll @IntRange(min = 0, max = 7) int bit) {
    byte[] message = ROOT.encrypt(value);
    message[where % message.length] ^= (byte) (1 << bit);

    assertThrows(KmsException.class, () -> ROOT.decrypt(message));
  }

  @Property(tries = 100)
  void contextAndBindingAreNotExchangeable(
      @ForAll @AlphaChars @StringLength(min = 1, max = 5) String text) {
    byte[] boundTo = text.getBytes(StandardCharsets.US_ASCII);
    FieldEncryptor within = ROOT.within(Map.of("t", text));
    byte[] message = within.encrypt(boundTo);

    assertThrows(KmsException.class, () -> ROOT.decrypt(message, boundTo));
    assertThrows(KmsException.class, () -> within.decrypt(message, boundTo));
  }
}
