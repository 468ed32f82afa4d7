// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.util.Collection;
import java.util.Comparator;

/** Guesses which word was meant. */
final class Nearest {

  private Nearest() {}

  /** Returns {@code Did you mean …?} with a space before it, or nothing if no word is near. */
  static String hint(String typed, Collection<String> words) {
    int far = Math.max(2, typed.length() / 3);
    return words.stream()
        .min(Comparator.comparingInt(word -> distance(typed, word)))
        .filter(word -> distance(typed, word) <= far || isStartOf(typed, word))
        .map(word -> " Did you mean '" + word + "'?")
        .orElse("");
  }

  private static boolean isStartOf(String typed, String word) {
    return typed.length() >= 3 && word.startsWith(typed);
  }

  /** Returns the least number of insertions, deletions and replacements between the two. */
  private static int distance(String from, String to) {
    int[] above = new int[to.length() + 1];
    for (int column = 0; column <= to.length(); column++) {
      above[column] = column;
    }
    for (int row = 1; row <= from.length(); row++) {
      int[] line = new int[to.length() + 1];
      line[0] = row;
      for (int column = 1; column <= to.length(); column++) {
        int replaced = above[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
        line[column] = Math.min(replaced, 1 + Math.min(above[column], line[column - 1]));
      }
      above = line;
    }
    return above[to.length()];
  }
}
