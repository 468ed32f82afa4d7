// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/** Prints answers as {@code --output} and {@code --query} ask. */
final class Printer {

  private enum Format {
    JSON,
    TEXT
  }

  private final Format format;
  private final Optional<String> query;
  private final OutputStream out;

  private Printer(Format format, Optional<String> query, OutputStream out) {
    this.format = format;
    this.query = query;
    this.out = out;
  }

  static Printer of(Arguments arguments, OutputStream out) {
    String output = arguments.find(Globals.OUTPUT).orElse("json");
    Format format =
        switch (output) {
          case "json" -> Format.JSON;
          case "text" -> Format.TEXT;
          default ->
              throw UsageError.of(Globals.OUTPUT, "'" + output + "' is not one of json, text.");
        };
    Optional<String> query = arguments.find(Globals.QUERY);
    query.ifPresent(path -> Query.select(Answer.none(), path)); // refused before anything is done
    return new Printer(format, query, out);
  }

  void print(Answer answer) throws IOException {
    if (answer.members().isEmpty()) {
      return;
    }
    Optional<Object> selected =
        query.isEmpty() ? Optional.of(answer) : Query.select(answer, query.get());
    if (selected.isEmpty()) {
      print(format == Format.JSON ? "null" : "None");
    } else if (format == Format.JSON) {
      new JsonPrinter(out).print(selected.get());
    } else {
      new TextPrinter(out).print(selected.get());
    }
  }

  private void print(String literal) throws IOException {
    new TextPrinter(out).print(List.of(literal));
  }
}
