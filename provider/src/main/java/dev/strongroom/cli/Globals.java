// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The options that every command takes. */
final class Globals {

  static final String CONFIG = "--config";
  static final String HOME = "--home";
  static final String OUTPUT = "--output";
  static final String QUERY = "--query";
  static final String DEBUG = "--debug";

  static final List<Parameter> PARAMETERS =
      List.of(
          Parameter.optional(CONFIG, "<file>", "The settings, instead of those in the home."),
          Parameter.optional(HOME, "<folder>", "The home, instead of STRONGROOM_HOME."),
          Parameter.optional(OUTPUT, "json|text", "How answers are printed; json by default."),
          Parameter.optional(
              QUERY, "<path>", "Print only this member: KeyMetadata.KeyId, Keys[].KeyId, Keys[0]."),
          Parameter.flag(DEBUG, "Print the stack trace of a failure."));

  private Globals() {}

  /** Returns whether the word after {@code arg} belongs to it. */
  static boolean takesValue(String arg) {
    return PARAMETERS.stream()
        .anyMatch(p -> p.kind() == Parameter.Kind.OPTIONAL && p.name().equals(arg));
  }

  /**
   * Where the settings are.
   *
   * @param config a settings file; empty for the one in the home
   * @param home the home; empty for STRONGROOM_HOME or the default
   */
  record Location(Optional<Path> config, Optional<Path> home) {

    static Location of(Arguments arguments) {
      return new Location(arguments.find(CONFIG).map(Path::of), arguments.find(HOME).map(Path::of));
    }
  }
}
