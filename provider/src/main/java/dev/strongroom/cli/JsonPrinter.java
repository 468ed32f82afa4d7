// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Prints an answer as AWS CLI does: JSON, four spaces to a level, other alphabets as they are,
 * bytes in base64. Bytes never become a String, so that what was printed can be zeroed.
 */
final class JsonPrinter {
  private final OutputStream out;

  JsonPrinter(OutputStream out) {
    this.out = out;
  }

  /** Prints one value and the end of its line. */
  void print(Object value) throws IOException {
    value(value, 0);
    ascii("\n");
  }

  private void value(Object value, int level) throws IOException {
    if (value instanceof Answer answer) {
      object(answer.members(), level);
    } else if (value instanceof List<?> list) {
      array(list, level);
    } else if (value instanceof byte[] bytes) {
      ascii("\"");
      base64(bytes, out);
      ascii("\"");
    } else if (value instanceof char[] secret) {
      ascii("\"");
      secret(secret, out);
      ascii("\"");
    } else if (value instanceof Boolean || value instanceof Number) {
      ascii(value.toString());
    } else {
      string(Scalars.text(value));
    }
  }

  private void object(Map<String, Object> members, int level) throws IOException {
    if (members.isEmpty()) {
      ascii("{}");
      return;
    }
    ascii("{");
    Iterator<Map.Entry<String, Object>> entries = members.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<String, Object> member = entries.next();
      newLine(level + 1);
      string(member.getKey());
      ascii(": ");
      value(member.getValue(), level + 1);
      ascii(entries.hasNext() ? "," : "");
    }
    newLine(level);
    ascii("}");
  }

  private void array(List<?> items, int level) throws IOException {
    if (items.isEmpty()) {
      ascii("[]");
      return;
    }
    ascii("[");
    Iterator<?> iterator = items.iterator();
    while (iterator.hasNext()) {
      newLine(level + 1);
      value(iterator.next(), level + 1);
      ascii(iterator.hasNext() ? "," : "");
    }
    newLine(level);
    ascii("]");
  }

  private void newLine(int level) throws IOException {
    ascii("\n" + "    ".repeat(level));
  }

  private void string(String text) throws IOException {
    out.write(Json.write(text).getBytes(StandardCharsets.UTF_8));
  }

  private void ascii(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Writes bytes in base64; leaves no copy. */
  static void base64(byte[] bytes, OutputStream out) throws IOException {
    byte[] encoded = Base64.getEncoder().encode(bytes);
    try {
      out.write(encoded);
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }

  /** Writes a secret of ASCII letters that need no escaping; leaves no copy. */
  static void secret(char[] secret, OutputStream out) throws IOException {
    for (char letter : secret) {
      out.write(letter);
    }
  }
}
