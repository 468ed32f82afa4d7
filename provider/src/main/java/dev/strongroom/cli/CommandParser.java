// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;

/** Reads the options and operands of one command, which are described by its parameters. */
final class CommandParser {
  private static final String OPTION = "--";

  private CommandParser() {}

  /**
   * Reads what follows the words of a command.
   *
   * @throws UsageError if something is missing, unknown or given twice
   */
  static Arguments parse(Command command, List<String> rest) {
    checkKnown(command, rest);
    Arguments arguments = arguments(command, line(command, rest));
    checkRequired(command, arguments);
    return arguments;
  }

  /** Done before parsing: a misspelt option is told as such, not taken for the value before it. */
  private static void checkKnown(Command command, List<String> rest) {
    List<String> known =
        parameters(command)
            .filter(parameter -> !parameter.isOperand())
            .map(Parameter::name)
            .toList();
    for (String word : rest) {
      if (word.equals(OPTION)) {
        return; // operands follow
      }
      String name = word.replaceFirst("=.*", "");
      if (word.startsWith(OPTION) && !known.contains(name)) {
        throw usageError(command, "unknown option '" + name + "'." + Nearest.hint(name, known));
      }
    }
  }

  private static CommandLine line(Command command, List<String> rest) {
    DefaultParser parser =
        DefaultParser.builder()
            .setAllowPartialMatching(false)
            .setStripLeadingAndTrailingQuotes(false) // values are data
            .get();
    Options options = new Options();
    parameters(command)
        .filter(parameter -> !parameter.isOperand())
        .forEach(parameter -> options.addOption(option(parameter)));
    try {
      return parser.parse(options, rest.toArray(new String[0]));
    } catch (MissingArgumentException e) {
      throw usageError(command, "the value after " + nameOf(e.getOption()) + " is missing.");
    } catch (ParseException e) {
      throw usageError(command, e.getMessage() + ".");
    }
  }

  private static Stream<Parameter> parameters(Command command) {
    return Stream.concat(command.parameters().stream(), Globals.PARAMETERS.stream());
  }

  private static Option option(Parameter parameter) {
    Option.Builder option = Option.builder().longOpt(parameter.name().substring(OPTION.length()));
    return switch (parameter.kind()) {
      case FLAG, OPERAND -> option.get();
      case REQUIRED, OPTIONAL -> option.hasArg().get();
      case REQUIRED_LIST, LIST -> option.hasArgs().get();
    };
  }

  private static String nameOf(Option option) {
    return OPTION + option.getLongOpt();
  }

  private static Arguments arguments(Command command, CommandLine line) {
    Map<String, String> values = new HashMap<>();
    for (Option option : line.getOptions()) {
      String value = String.join(Arguments.SEPARATOR, option.getValuesList());
      String before = values.put(nameOf(option), value);
      if (before != null) {
        if (!option.hasArgs()) {
          throw usageError(command, nameOf(option) + " is given twice; give it once.");
        }
        values.put(nameOf(option), before + Arguments.SEPARATOR + value);
      }
    }
    List<Parameter> operands = command.parameters().stream().filter(Parameter::isOperand).toList();
    List<String> words = line.getArgList();
    if (words.size() > operands.size()) {
      throw usageError(command, "unexpected word '" + words.get(operands.size()) + "'.");
    }
    for (int i = 0; i < words.size(); i++) {
      values.put(operands.get(i).name(), words.get(i));
    }
    return new Arguments(values);
  }

  /** Done after parsing, so that all that is missing is told at once. */
  private static void checkRequired(Command command, Arguments arguments) {
    List<String> missing =
        command.parameters().stream()
            .filter(parameter -> parameter.isRequired() && !arguments.has(parameter.name()))
            .map(Parameter::name)
            .toList();
    if (!missing.isEmpty()) {
      String verb = missing.size() == 1 ? " is missing." : " are missing.";
      throw usageError(command, String.join(" and ", missing) + verb);
    }
  }

  private static UsageError usageError(Command command, String problem) {
    return new UsageError(
        command.words()
            + ": "
            + problem
            + " 'strongroom help "
            + command.words()
            + "' shows all options and an example.");
  }
}
