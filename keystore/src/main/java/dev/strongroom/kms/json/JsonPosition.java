// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.json;

/**
 * A place in a text.
 *
 * @param line from 1
 * @param column from 1, in UTF-16 units
 */
public record JsonPosition(int line, int column) {

  /** Returns {@code Line 3, column 14}. */
  public String sentenceStart() {
    return "Line " + line + ", column " + column;
  }
}
