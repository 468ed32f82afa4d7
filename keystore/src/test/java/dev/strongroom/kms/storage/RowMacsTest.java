// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.kms.CanonicalEncoding;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The expected values were computed by a program of a few lines in another language. */
class RowMacsTest {
  private final RowMacs macs = new RowMacs(Samples.authenticator());
  private final Row row =
      macs.seal(Row.of(Table.AUDIT_STREAM, "stream-1", 1L, null, new byte[] {1, 2, 3}), 5);

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void rowHasTheKnownHash() {
    assertEquals(
        "c39f3b1471ddf65b762e71ee939eb9324cae7550061046a02317e1f725602bcc", hex(RowMacs.hash(row)));
  }

  @Test
  void rowHasTheKnownMac() {
    assertEquals(
        "358cbb360dffa02b94a48f9a0a9e84bd1b452fb9416aa920d511bd3b01a5861a", hex(row.mac()));
  }

  @Test
  void rowHasTheKnownLeaf() {
    assertEquals(
        "4b820bd9ee9de42ae75c486e56ed91296dd3c865783e2eb7dba86439e66513dd", hex(RowMacs.leaf(row)));
  }

  @Test
  void ownedRowsHaveTheKnownHashInAnyOrder() {
    Row first = macs.seal(Row.of(Table.CERTIFICATE, "k", 0L, new byte[] {0x30}), 5);
    Row second = macs.seal(Row.of(Table.CERTIFICATE, "k", 1L, new byte[] {0x31}), 6);
    String known = "8a915d95b1db3a5be78cce2149794a686663fcd0f44b31a8668e5b5793a5aed1";

    assertEquals(known, hex(RowMacs.ownedHash("certificate", List.of(first, second))));
    assertEquals(known, hex(RowMacs.ownedHash("certificate", List.of(second, first))));
  }

  @Test
  void noRowsHaveTheKnownHash() {
    assertEquals(
        "f5101996e6b31139225233525901b3cba2fde2413063f82a0b37ad2ec2936fdc",
        hex(RowMacs.ownedHash("key_grant", List.of())));
  }

  @Test
  void macOfAnUnknownVersionIsNotAskedFor() {
    HmacRows counting = new HmacRows(Samples.DOMAIN_ID.toString());
    Row other = row.withMac(2, row.mac());

    assertFalse(new RowMacs(counting).isAuthentic(other));
    assertEquals(0, counting.calls());
    assertTrue(macs.isAuthentic(row));
  }

  /** So rows that were written before the migration keep their MACs. */
  @Test
  void aColumnOfALaterMigrationCountsOnlyWhereItHoldsSomething() {
    List<Table.Column> columns = Table.CMK.columns();
    @Nullable Object[] values =
        columns.stream()
            .map(
                column ->
                    column.mayBeAbsent()
                        ? null
                        : switch (column.type()) {
                          case INTEGER -> (Object) 7L;
                          case TEXT -> column.name();
                          case BYTES -> new byte[] {1};
                        })
            .toArray();
    CanonicalEncoding asBefore = new CanonicalEncoding().add("cmk").add("key_id").add(0);
    for (Table.Column column : columns.subList(1, columns.size())) {
      if (!column.isLater()) {
        Object value = values[Table.CMK.indexOf(column.name())];
        if (value instanceof Long number) {
          asBefore.add(number.longValue());
        } else if (value instanceof String text) {
          asBefore.add(text);
        } else {
          asBefore.add((byte[]) value);
        }
      }
    }
    Row before = Row.of(Table.CMK, values.clone());
    assertArrayEquals(asBefore.sha256(), RowMacs.hash(before));

    values[Table.CMK.indexOf("pkcs1_decryption")] = 1L;
    assertArrayEquals(
        asBefore.add("pkcs1_decryption").add(1).sha256(), RowMacs.hash(Row.of(Table.CMK, values)));
  }

  @Test
  void rowsWrittenBeforeAColumnWasAddedKeepTheirHash() {
    Row before = macs.seal(Row.of(Table.KEY_POLICY, "k", "{}", null), 5);
    Row after = macs.seal(Row.of(Table.KEY_POLICY, "k", "{}", ""), 5);

    assertArrayEquals(
        new CanonicalEncoding().add("key_policy").add("k").add(5).add("{}").sha256(),
        RowMacs.hash(before));
    assertFalse(Arrays.equals(RowMacs.hash(before), RowMacs.hash(after)));
  }
}
