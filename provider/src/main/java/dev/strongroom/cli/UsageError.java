// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

/** The command line is not one that we know; nothing was done. Ends with exit code 2. */
final class UsageError extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param message what is wrong and what to type instead, in one line
   */
  UsageError(String message) {
    super(message);
  }

  /** Says that the value of an option cannot be used. */
  static UsageError of(String option, String message) {
    return new UsageError(option + ": " + message);
  }
}
