// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final long SECOND = 1_000_000_000;

  @Test
  void lineTellsBytesRateAndTimeLeft() {
    assertEquals(
        "[############            ]  50 %  1.0 GiB of 2.0 GiB  512.0 MiB/s  2 s left",
        Progress.line(1L << 30, OptionalLong.of(2L << 30), 2 * SECOND));
  }

  @Test
  void lineOfUnknownLengthTellsBytesAndRate() {
    assertEquals("300 B  100 B/s", Progress.line(300, OptionalLong.empty(), 3 * SECOND));
  }

  @Test
  void longTimesAreInHoursAndMinutes() {
    assertTrue(
        Progress.line(1 << 20, OptionalLong.of(8L << 30), SECOND).endsWith("2 h 16 min left"));
    assertTrue(
        Progress.line(1 << 20, OptionalLong.of(101 << 20), SECOND).endsWith("1 min 40 s left"));
  }

  @Test
  void fileThatGrewStaysAtOneHundredPercent() {
    assertTrue(Progress.line(3, OptionalLong.of(2), SECOND).contains("100 %"));
  }

  @Test
  void displayIsDrawnAFewTimesASecondAndErased() throws IOException {
    AtomicLong now = new AtomicLong();
    ByteArrayOutputStream drawn = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(drawn, true, StandardCharsets.UTF_8);
    byte[] buffer = new byte[10];
    try (Progress in =
        Progress.of(new ByteArrayInputStream(new byte[100]), err, OptionalLong.of(100), now::get)) {
      while (in.read(buffer, 0, 10) >= 0) {
        now.addAndGet(SECOND / 20);
      }
    }

    String shown = drawn.toString(StandardCharsets.UTF_8);
    assertEquals(3, shown.split("\r\u001b\\[K", -1).length - 1, shown);
    assertTrue(shown.endsWith("\r\u001b[K"), shown);
  }

  @Test
  void shortRunDrawsNothing() throws IOException {
    ByteArrayOutputStream drawn = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(drawn, true, StandardCharsets.UTF_8);
    try (Progress in =
        Progress.of(new ByteArrayInputStream(new byte[9]), err, OptionalLong.of(9), () -> 7)) {
      assertEquals(9, in.readAllBytes().length);
    }

    assertEquals("", drawn.toString(StandardCharsets.UTF_8));
  }
}
