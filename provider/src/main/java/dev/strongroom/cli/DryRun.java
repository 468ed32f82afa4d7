// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.DryRunModifier;
import dev.strongroom.kms.Operation;
import java.util.List;
import java.util.Set;

/** The options of commands that can be tried: all of operations that have a dry run take them. */
final class DryRun {
  private static final String YES = "--dry-run";
  private static final String NO = "--no-dry-run";
  private static final String MODIFIERS = "--dry-run-modifiers";

  private static final List<Parameter> FLAGS =
      List.of(
          Parameter.flag(
              YES,
              "Tries it and does nothing: exit code 254 and DryRunOperationException say that it"
                  + " would succeed."),
          Parameter.flag(NO, "Does it; the default."));

  private static final Parameter MODIFIERS_OPTION =
      Parameter.list(
          MODIFIERS,
          "<modifier>",
          "IGNORE_CIPHERTEXT: the dry run looks at no ciphertext, and needs the key.");

  /** Those with a ciphertext that can be ignored. */
  private static final Set<String> ON_CIPHERTEXTS = Set.of("Decrypt", "ReEncrypt");

  private DryRun() {}

  /** Returns the options that a command takes because it can be tried. */
  static List<Parameter> parameters(String service, String operation) {
    if (!service.equals("kms") || !hasDryRun(operation)) {
      return List.of();
    }
    return ON_CIPHERTEXTS.contains(operation)
        ? List.of(FLAGS.get(0), FLAGS.get(1), MODIFIERS_OPTION)
        : FLAGS;
  }

  private static boolean hasDryRun(String operation) {
    for (Operation known : Operation.values()) {
      if (known.eventName().equals(operation)) {
        return known.hasDryRun();
      }
    }
    return false;
  }

  /**
   * Returns the caller, whose calls are tried only where the options say so.
   *
   * @throws UsageError if they say two things at once
   */
  static Caller apply(Caller caller, Arguments arguments) {
    List<String> modifiers = arguments.list(MODIFIERS);
    if (!arguments.has(YES)) {
      if (!modifiers.isEmpty()) {
        throw UsageError.of(MODIFIERS, "it modifies a dry run: give " + YES + " as well.");
      }
      return caller;
    }
    if (arguments.has(NO)) {
      throw UsageError.of(YES, "say either " + YES + " or " + NO + ".");
    }
    return caller.dryRun(
        modifiers.stream()
            .map(text -> Choices.parse(MODIFIERS, text, DryRunModifier.class))
            .distinct()
            .toArray(DryRunModifier[]::new));
  }
}
