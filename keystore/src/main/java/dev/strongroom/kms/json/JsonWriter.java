// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.json;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes one value.
 *
 * <p>Besides what RFC 8259 section 7 asks for, everything is escaped that could act on a terminal
 * or break a line: DEL, C1 controls, line and paragraph separators, marks that change the direction
 * of text, and halves of surrogate pairs. A written text is therefore always valid UTF-8 and each
 * value of a compact text stays on its line.
 */
final class JsonWriter {
  private static final String INDENT = "    ";

  private final StringBuilder out = new StringBuilder();
  private final boolean isPretty;

  private JsonWriter(boolean isPretty) {
    this.isPretty = isPretty;
  }

  static String compact(@Nullable Object value) {
    JsonWriter writer = new JsonWriter(false);
    writer.value(value, 0);
    return writer.out.toString();
  }

  static String pretty(@Nullable Object value) {
    JsonWriter writer = new JsonWriter(true);
    writer.value(value, 0);
    return writer.out.toString();
  }

  private void value(@Nullable Object value, int depth) {
    if (value instanceof Map<?, ?> map) {
      object(map, depth);
    } else if (value instanceof List<?> list) {
      array(list, depth);
    } else if (value instanceof String text) {
      text(text);
    } else if (isLiteral(value)) {
      out.append(value);
    } else {
      throw new IllegalArgumentException(
          "JSON has no form for " + value + ". Use maps, lists, texts, numbers, booleans or null.");
    }
  }

  private static boolean isLiteral(@Nullable Object value) {
    return value == null
        || value instanceof Boolean
        || value instanceof Long
        || value instanceof Integer
        || value instanceof BigDecimal;
  }

  private void object(Map<?, ?> map, int depth) {
    out.append('{');
    for (Iterator<? extends Map.Entry<?, ?>> members = map.entrySet().iterator();
        members.hasNext(); ) {
      Map.Entry<?, ?> member = members.next();
      if (!(member.getKey() instanceof String name)) {
        throw new IllegalArgumentException("The names of a JSON object are texts.");
      }
      newLine(depth + 1);
      text(name);
      out.append(isPretty ? ": " : ":");
      value(member.getValue(), depth + 1);
      comma(members);
    }
    end(map.isEmpty(), depth, '}');
  }

  private void array(List<?> list, int depth) {
    out.append('[');
    for (Iterator<?> items = list.iterator(); items.hasNext(); ) {
      newLine(depth + 1);
      value(items.next(), depth + 1);
      comma(items);
    }
    end(list.isEmpty(), depth, ']');
  }

  private void comma(Iterator<?> rest) {
    if (rest.hasNext()) {
      out.append(',');
    }
  }

  private void end(boolean isEmpty, int depth, char bracket) {
    if (!isEmpty) {
      newLine(depth);
    }
    out.append(bracket);
  }

  private void newLine(int depth) {
    if (isPretty) {
      out.append('\n').append(INDENT.repeat(depth));
    }
  }

  private void text(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        out.append(c).append(text.charAt(++i));
      } else {
        character(c);
      }
    }
    out.append('"');
  }

  private void character(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      default -> {
        if (mustEscape(c)) {
          out.append("\\u").append(String.format("%04x", (int) c));
        } else {
          out.append(c);
        }
      }
    }
  }

  private static boolean mustEscape(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }
}
