// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.util.List;
import java.util.stream.Stream;

/** The page of one command: what it does, what it takes, an example. 100 columns at most. */
final class HelpPage {
  private static final int WIDTH = 100;
  private static final int INDENT = 6;

  /** Where explanations begin; a name that reaches it stands on a line of its own. */
  private static final int COLUMN = 27;

  private static final int LONG_LABEL = 40;

  private final StringBuilder page = new StringBuilder();

  private HelpPage() {}

  static String of(Command command) {
    HelpPage help = new HelpPage();
    help.page.append(command.summary()).append("\n\n");
    help.usage(command);
    List<Parameter> all = command.parameters();
    help.explain(all.stream().filter(Parameter::isOperand).toList());
    help.explain(all.stream().filter(parameter -> !parameter.isOperand()).toList());
    help.page.append("\nExample:\n");
    command.example().lines().forEach(help::example);
    return help.page.toString();
  }

  private void usage(Command command) {
    String start = "Usage: strongroom " + command.words();
    List<Parameter> all = command.parameters();
    List<String> parts =
        Stream.concat(
                all.stream().filter(parameter -> !parameter.isOperand()),
                all.stream().filter(Parameter::isOperand))
            .map(HelpPage::inUsage)
            .toList();
    page.append(start);
    wrap(parts, start.length(), start.length() + 1);
  }

  /** A long list of choices is in the explanation only. */
  private static String inUsage(Parameter parameter) {
    String typed =
        parameter.label().length() > LONG_LABEL
            ? parameter.name() + " <" + parameter.name().replace("--", "") + ">"
            : typed(parameter);
    return parameter.isRequired() ? typed : "[" + typed + "]";
  }

  /** Returns an option as it is typed, {@code --key-id <key>}; an operand by its label. */
  private static String typed(Parameter parameter) {
    return switch (parameter.kind()) {
      case OPERAND, FLAG -> parameter.name();
      case REQUIRED, OPTIONAL -> parameter.name() + " " + parameter.label();
      case REQUIRED_LIST, LIST -> parameter.name() + " " + parameter.label() + "...";
    };
  }

  private void explain(List<Parameter> parameters) {
    if (!parameters.isEmpty()) {
      page.append('\n');
    }
    for (Parameter parameter : parameters) {
      String name = " ".repeat(INDENT) + typed(parameter);
      page.append(name);
      boolean isLong = name.length() >= COLUMN;
      int column = isLong ? WIDTH : name.length();
      wrap(List.of(parameter.help().split(" ")), column, COLUMN);
    }
  }

  /** Adds a line of an example; a long one goes on in the next as shells have it. */
  private void example(String line) {
    String rest = "  " + line;
    int end = rest.lastIndexOf(" --", WIDTH - 2);
    while (rest.length() > WIDTH && end > INDENT) {
      page.append(rest, 0, end).append(" \\\n");
      rest = "     " + rest.substring(end);
      end = rest.lastIndexOf(" --", WIDTH - 2);
    }
    page.append(rest).append('\n');
  }

  /**
   * Adds words to the line that was begun, and goes on in new ones.
   *
   * @param column how long the line is
   * @param indent where words begin
   */
  private void wrap(List<String> words, int column, int indent) {
    int at = column;
    for (String word : words) {
      int from = Math.max(at + 1, indent);
      if (from + word.length() > WIDTH) {
        page.append('\n');
        at = 0;
        from = indent;
      }
      page.append(" ".repeat(from - at)).append(word);
      at = from + word.length();
    }
    page.append('\n');
  }
}
