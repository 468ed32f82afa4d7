// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * A command line, split into the words that name a command and everything else. Done before
 * parsing, so that only the one command's parameters are ever built.
 *
 * @param path {@code [kms, encrypt]}, {@code [init]} or {@code [help, kms]}; empty if there is none
 * @param rest options and operands, in their order
 */
record Words(List<String> path, List<String> rest) {

  static Words split(List<String> args) {
    List<String> path = new ArrayList<>();
    List<String> rest = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      boolean isWord = !arg.startsWith("-") && path.size() < wanted(path);
      (isWord ? path : rest).add(arg);
      if (Globals.takesValue(arg) && i + 1 < args.size()) {
        rest.add(args.get(++i));
      }
    }
    return new Words(path, rest);
  }

  /** Returns how many words the name of a command has that begins with {@code path}. */
  private static int wanted(List<String> path) {
    if (path.isEmpty()) {
      return 1;
    }
    if (path.get(0).equals("help")) {
      return 3;
    }
    return Catalog.isService(path.get(0)) ? 2 : 1;
  }

  /** Returns whether help is asked for, in any of the ways that people try. */
  boolean asksForHelp() {
    return path.isEmpty()
        || path.contains("help")
        || rest.contains("--help")
        || rest.contains("-h")
        || rest.equals(List.of("help"));
  }

  /** Returns the words of the command that help is asked for. */
  List<String> helpTopic() {
    return path.stream().filter(word -> !word.equals("help")).toList();
  }
}
