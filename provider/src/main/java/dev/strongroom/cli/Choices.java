// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.util.Arrays;
import java.util.List;

/** Options whose values are a closed list: the constants of an enum. */
final class Choices {
  private static final int MAX_LISTED = 20;

  private Choices() {}

  static <E extends Enum<E>> E parse(String option, String text, Class<E> type) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(text)) {
        return constant;
      }
    }
    List<String> names = sameFamily(text, names(type));
    throw UsageError.of(
        option,
        "'"
            + text
            + "' is not one of "
            + String.join(", ", names)
            + "."
            + Nearest.hint(text, names));
  }

  /** Returns those names of a long list that begin as the text does; all if none does. */
  private static List<String> sameFamily(String text, List<String> names) {
    String family = text.substring(0, text.indexOf('_') + 1);
    List<String> related = names.stream().filter(name -> name.startsWith(family)).toList();
    return names.size() <= MAX_LISTED || related.isEmpty() ? names : related;
  }

  /** Returns the names for help: {@code RAW|DIGEST}. */
  static String label(Class<? extends Enum<?>> type) {
    return String.join("|", names(type));
  }

  private static List<String> names(Class<? extends Enum<?>> type) {
    return Arrays.stream(type.getEnumConstants()).map(Enum::name).toList();
  }
}
