// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.field;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The message in docs/vectors.json, which docs/vectors.py made without any of our code. */
class FieldGoldenTest {

  @Test
  void thePublishedMessageOpens() throws Exception {
    Map<?, ?> vector = vector();
    FieldMessage message = FieldMessage.parse(hex(vector, "message"));
    byte[] context =
        FieldMessage.contextAad(EncryptionContext.of(Map.of("tenant", "a", "file", "1")));
    byte[] key = FieldMessage.key(hex(vector, "dataKey"), message.header(), context);
    OpeningKey opening = new OpeningKey(key, 0);

    assertArrayEquals(
        hex(vector, "plaintext"),
        opening.open(message, new Binding(context, hex(vector, "boundTo"))));
    assertThrows(
        KmsException.InvalidCiphertext.class,
        () -> opening.open(message, new Binding(context, new byte[0])));
  }

  private static Map<?, ?> vector() throws Exception {
    Object parsed = Json.parse(Files.readString(Path.of("..", "docs", "vectors.json")), 1 << 20);
    return parsed instanceof Map<?, ?> all && all.get("field") instanceof Map<?, ?> field
        ? field
        : Map.of();
  }

  private static byte[] hex(Map<?, ?> vector, String name) {
    return HexFormat.of().parseHex(String.valueOf(vector.get(name)));
  }
}
