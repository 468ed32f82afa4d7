// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EncryptionContextTest {

  @Test
  void noPairsAreNoBytes() {
    assertEquals(0, EncryptionContext.of(Map.of()).toAad().length);
  }

  @Test
  void pairsAreSortedByTheBytesOfTheirKeys() {
    Map<String, String> pairs = new LinkedHashMap<>();
    pairs.put("b", "2");
    pairs.put("a", "1");

    byte[] aad = EncryptionContext.of(pairs).toAad();

    assertEquals("0002" + "000161" + "000131" + "000162" + "000132", HexFormat.of().formatHex(aad));
  }

  @Test
  void sortingIsByUnsignedUtf8AndNotByUtf16() {
    // U+FFFD is EF BF BD in UTF-8, U+10000 is F0 90 80 80; in UTF-16 the second begins with D800.
    Map<String, String> pairs = Map.of("\uFFFD", "1", "\uD800\uDC00", "2");

    byte[] aad = EncryptionContext.of(pairs).toAad();

    assertEquals(
        "0002" + "0003efbfbd" + "000131" + "0004f0908080" + "000132",
        HexFormat.of().formatHex(aad));
  }

  @Test
  void nothingIsNormalised() {
    EncryptionContext composed = EncryptionContext.of(Map.of("k", "\u00e9"));
    EncryptionContext decomposed = EncryptionContext.of(Map.of("k", "e\u0301"));

    assertNotEquals(composed, decomposed);
  }

  @Test
  void pairsCannotBeMovedIntoEachOther() {
    assertNotEquals(
        EncryptionContext.of(Map.of("a", "b", "c", "d")),
        EncryptionContext.of(Map.of("a", "b,c=d")));
  }

  @Test
  void halfOfASurrogatePairIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> EncryptionContext.of(Map.of("k", "\uD800")));
    assertThrows(
        IllegalArgumentException.class, () -> EncryptionContext.of(Map.of("\uDC00k", "v")));
  }

  @Test
  void anEmptyKeyIsRefusedAndAnEmptyValueIsNot() {
    assertThrows(IllegalArgumentException.class, () -> EncryptionContext.of(Map.of("", "v")));
    assertEquals(7, EncryptionContext.of(Map.of("k", "")).aadLength());
  }

  @Test
  void moreThan8192BytesAreRefused() {
    int overhead = 2 + 4 + 1;
    EncryptionContext largest = EncryptionContext.of(Map.of("k", "v".repeat(8192 - overhead)));

    assertEquals(8192, largest.aadLength());
    assertThrows(
        IllegalArgumentException.class,
        () -> EncryptionContext.of(Map.of("k", "v".repeat(8193 - overhead))));
  }

  @Test
  void laterChangesOfTheMapDoNotReachTheContext() {
    Map<String, String> pairs = new HashMap<>(Map.of("k", "v"));
    EncryptionContext context = EncryptionContext.of(pairs);
    byte[] before = context.toAad();

    pairs.put("x", "y");
    context.toAad()[0] = 9;

    assertArrayEquals(before, context.toAad());
    assertThrows(UnsupportedOperationException.class, () -> context.pairs().put("x", "y"));
  }

  @Test
  void aContextContainsItsParts() {
    EncryptionContext whole = EncryptionContext.of(Map.of("a", "1", "b", "2"));

    assertTrue(whole.containsAll(EncryptionContext.of(Map.of("a", "1"))));
    assertTrue(!whole.containsAll(EncryptionContext.of(Map.of("a", "2"))));
  }
}
