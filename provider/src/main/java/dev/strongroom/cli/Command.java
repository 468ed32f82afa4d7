// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * A command: what help says about it, what it takes and what it does.
 *
 * @param service what stands before it, {@code kms}; empty for our own commands
 * @param name as typed, {@code generate-data-key}
 * @param summary one sentence
 * @param example one worked example, in lines that can be pasted
 */
record Command(
    String service,
    String name,
    String summary,
    String example,
    List<Parameter> parameters,
    Action action) {

  /** What a command does. */
  @FunctionalInterface
  interface Action {
    /** Returns what is to be printed; {@link Answer#none} if nothing is. */
    Answer run(Call call) throws IOException;
  }

  Command {
    parameters =
        Stream.concat(parameters.stream(), DryRun.parameters(service, operation(name)).stream())
            .toList();
  }

  /** Returns the command as typed, without the program's name: {@code kms create-key}. */
  String words() {
    return service.isEmpty() ? name : service + " " + name;
  }

  /** Returns AWS's name of the operation: {@code CreateKey} for {@code create-key}. */
  String operation() {
    return operation(name);
  }

  private static String operation(String name) {
    StringBuilder operation = new StringBuilder();
    for (String word : name.split("-", -1)) {
      operation.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
    }
    return operation.toString();
  }
}
