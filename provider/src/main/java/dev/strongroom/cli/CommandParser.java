// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Reads the options of one command with picocli, whose model is built from the command's parameters
 * and not by reflection over classes: that is most of what a start would cost.
 */
final class CommandParser {

  private CommandParser() {}

  /**
   * Reads what follows the words of a command.
   *
   * @throws UsageError if something is missing, unknown or given twice
   */
  static Arguments parse(Command command, List<String> rest) {
    CommandLine parser = new CommandLine(spec(command, false));
    parser.setExpandAtFiles(false); // "@…" is data here
    parser.setUnmatchedOptionsAllowedAsOptionParameters(false);
    try {
      Arguments arguments = arguments(command, parser.parseArgs(rest.toArray(new String[0])));
      checkRequired(command, arguments);
      return arguments;
    } catch (ParameterException e) {
      throw usageError(command, problem(command, e));
    }
  }

  /** Done after parsing: a misspelt option is told as such, not as a missing one. */
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

  /**
   * Returns picocli's model of a command.
   *
   * @param forHelp whether what must be there is marked so; the global options are then left out
   */
  static CommandSpec spec(Command command, boolean forHelp) {
    CommandSpec spec = CommandSpec.create().name("strongroom " + command.words());
    int index = 0;
    for (Parameter parameter : command.parameters()) {
      boolean required = forHelp && parameter.isRequired();
      spec.add(
          parameter.isOperand()
              ? operand(parameter, index++, required)
              : option(parameter, required, forHelp));
    }
    if (!forHelp) {
      Globals.PARAMETERS.forEach(parameter -> spec.add(option(parameter, false, false)));
    }
    return spec;
  }

  private static OptionSpec option(Parameter parameter, boolean required, boolean forHelp) {
    boolean isFlag = parameter.kind() == Parameter.Kind.FLAG;
    boolean isArray = parameter.isList() && !forHelp; // help would say that it can be repeated
    return OptionSpec.builder(parameter.name())
        .arity(isFlag ? "0" : parameter.isList() ? "1..*" : "1")
        .type(isFlag ? boolean.class : isArray ? String[].class : String.class)
        .paramLabel(parameter.label())
        .description(parameter.help())
        .required(required)
        .build();
  }

  private static PositionalParamSpec operand(Parameter parameter, int index, boolean required) {
    return PositionalParamSpec.builder()
        .index(Integer.toString(index))
        .arity(required ? "1" : "0..1")
        .type(String.class)
        .paramLabel(parameter.label())
        .description(parameter.help())
        .required(required)
        .build();
  }

  private static Arguments arguments(Command command, ParseResult parsed) {
    Map<String, String> values = new HashMap<>();
    for (OptionSpec option : parsed.matchedOptions()) {
      values.put(option.longestName(), value(option));
    }
    List<Parameter> operands = command.parameters().stream().filter(Parameter::isOperand).toList();
    for (int i = 0; i < operands.size(); i++) {
      if (parsed.hasMatchedPositional(i)) {
        values.put(operands.get(i).name(), parsed.matchedPositionalValue(i, ""));
      }
    }
    return new Arguments(values);
  }

  private static String value(OptionSpec option) {
    if (option.arity().max() == 0) {
      return "";
    }
    Object value = option.getValue();
    return value instanceof String[] list
        ? String.join(Arguments.SEPARATOR, list)
        : String.valueOf(value);
  }

  private static String problem(Command command, ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
      String word = unmatched.getUnmatched().get(0).replaceFirst("=.*", "");
      List<String> known =
          Stream.concat(command.parameters().stream(), Globals.PARAMETERS.stream())
              .filter(parameter -> !parameter.isOperand())
              .map(Parameter::name)
              .toList();
      String kind = word.startsWith("-") ? "unknown option " : "unexpected word ";
      return kind + "'" + word + "'." + Nearest.hint(word, known);
    }
    if (e instanceof OverwrittenOptionException twice) {
      return nameOf(twice.getOverwritten()) + " is given twice; give it once.";
    }
    if (e instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
      return "the value after " + nameOf(missing.getMissing().get(0)) + " is missing.";
    }
    return String.valueOf(e.getMessage());
  }

  private static String nameOf(ArgSpec spec) {
    return spec instanceof OptionSpec option ? option.longestName() : spec.paramLabel();
  }
}
