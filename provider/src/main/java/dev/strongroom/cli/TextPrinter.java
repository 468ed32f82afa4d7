// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Prints an answer as {@code --output text} does: for scripts, fields separated by tabs. The plain
 * members of an object are one line, in the order of their names; an object or list inside follows
 * on lines that begin with its name in capitals.
 */
final class TextPrinter {
  private final OutputStream out;

  TextPrinter(OutputStream out) {
    this.out = out;
  }

  void print(Object value) throws IOException {
    if (value instanceof Answer answer) {
      object("", answer.members(), answer.members().keySet());
    } else if (value instanceof List<?> list) {
      list("", list);
    } else {
      line(List.of(value));
    }
  }

  private void object(String name, Map<String, Object> members, Iterable<String> columns)
      throws IOException {
    Map<String, Object> sorted = new TreeMap<>(members);
    List<Object> fields = new ArrayList<>();
    for (String column : new TreeSet<>(toList(columns))) {
      Object value = sorted.getOrDefault(column, "");
      if (!isNested(value)) {
        fields.add(value);
      }
    }
    named(name, fields);
    for (Map.Entry<String, Object> member : sorted.entrySet()) {
      if (member.getValue() instanceof Answer inner) {
        object(member.getKey(), inner.members(), inner.members().keySet());
      } else if (member.getValue() instanceof List<?> items) {
        list(member.getKey(), items);
      }
    }
  }

  private void list(String name, List<?> items) throws IOException {
    TreeSet<String> columns = new TreeSet<>();
    for (Object item : items) {
      if (item instanceof Answer answer) {
        columns.addAll(answer.members().keySet());
      }
    }
    if (columns.isEmpty() && name.isEmpty()) {
      named("", List.copyOf(items));
      return;
    }
    for (Object item : items) {
      if (item instanceof Answer answer) {
        object(name, answer.members(), columns);
      } else {
        named(name, List.of(item));
      }
    }
  }

  private static boolean isNested(Object value) {
    return value instanceof Answer || value instanceof List<?>;
  }

  private static List<String> toList(Iterable<String> names) {
    List<String> list = new ArrayList<>();
    names.forEach(list::add);
    return list;
  }

  private void named(String name, List<Object> fields) throws IOException {
    if (fields.isEmpty()) {
      return;
    }
    List<Object> line = new ArrayList<>(fields);
    if (!name.isEmpty()) {
      line.add(0, name.toUpperCase(Locale.ROOT));
    }
    line(line);
  }

  private void line(List<Object> fields) throws IOException {
    for (int i = 0; i < fields.size(); i++) {
      if (i > 0) {
        out.write('\t');
      }
      field(fields.get(i));
    }
    out.write('\n');
  }

  private void field(Object value) throws IOException {
    if (value instanceof byte[] bytes) {
      JsonPrinter.base64(bytes, out);
    } else if (value instanceof char[] secret) {
      JsonPrinter.secret(secret, out);
    } else {
      out.write(text(value).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Scripts that were written for AWS CLI expect Python's spelling of Booleans. */
  private static String text(Object value) {
    if (value instanceof Boolean is) {
      return is ? "True" : "False";
    }
    return Scalars.text(value);
  }
}
