// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

/**
 * Something that a command takes.
 *
 * @param name the option as typed, {@code --key-id}; of an operand its label, {@code IN}
 * @param label what stands for the value in help, {@code <key>}; empty for a flag
 * @param help a sentence or two
 */
record Parameter(String name, Kind kind, String label, String help) {

  /** How a parameter is typed. */
  enum Kind {
    /** {@code --name value}, must be there. */
    REQUIRED,
    /** {@code --name value}, may be left out. */
    OPTIONAL,
    /** {@code --name value value …}, must be there. */
    REQUIRED_LIST,
    /** {@code --name value value …}, may be left out. */
    LIST,
    /** {@code --name}. */
    FLAG,
    /** A word without a name, told by its place; must be there. */
    OPERAND
  }

  static Parameter required(String name, String label, String help) {
    return new Parameter(name, Kind.REQUIRED, label, help);
  }

  static Parameter optional(String name, String label, String help) {
    return new Parameter(name, Kind.OPTIONAL, label, help);
  }

  static Parameter requiredList(String name, String label, String help) {
    return new Parameter(name, Kind.REQUIRED_LIST, label, help);
  }

  static Parameter list(String name, String label, String help) {
    return new Parameter(name, Kind.LIST, label, help);
  }

  static Parameter flag(String name, String help) {
    return new Parameter(name, Kind.FLAG, "", help);
  }

  static Parameter operand(String label, String help) {
    return new Parameter(label, Kind.OPERAND, label, help);
  }

  boolean isRequired() {
    return kind == Kind.REQUIRED || kind == Kind.REQUIRED_LIST || kind == Kind.OPERAND;
  }

  boolean isList() {
    return kind == Kind.REQUIRED_LIST || kind == Kind.LIST;
  }

  boolean isOperand() {
    return kind == Kind.OPERAND;
  }
}
