// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of AWS CLI's {@code --query} that scripts use most: names separated by dots, each with
 * {@code []} or {@code [*]} for every item of a list, or {@code [0]} for one. JMESPath's filters
 * and functions are refused.
 */
final class Query {
  private static final Pattern STEP = Pattern.compile("([A-Za-z0-9_]+)(?:\\[(\\*?|\\d{1,6})])?");

  private Query() {}

  /** Returns the selected part of {@code value}; nothing where there is no such member. */
  static Optional<Object> select(Object value, String path) {
    return select(value, List.of(path.split("\\.", -1)));
  }

  private static Optional<Object> select(Object value, List<String> steps) {
    if (steps.isEmpty()) {
      return Optional.of(value);
    }
    Matcher step = STEP.matcher(steps.get(0));
    if (!step.matches()) {
      throw UsageError.of(
          Globals.QUERY,
          "'"
              + steps.get(0)
              + "' is not understood. Write names with dots, as KeyMetadata.KeyId,"
              + " Keys[].KeyId or Keys[0]; for more, pipe the JSON to jq.");
    }
    List<String> rest = steps.subList(1, steps.size());
    Object member = value instanceof Answer answer ? answer.members().get(step.group(1)) : null;
    if (member == null) {
      return Optional.empty();
    }
    return step.group(2) == null ? select(member, rest) : index(member, step.group(2), rest);
  }

  private static Optional<Object> index(Object member, String index, List<String> rest) {
    if (!(member instanceof List<?> list)) {
      return Optional.empty();
    }
    if (index.isEmpty() || index.equals("*")) {
      List<Object> selected = new ArrayList<>();
      list.forEach(item -> select(item, rest).ifPresent(selected::add));
      return Optional.of(selected);
    }
    int i = Integer.parseInt(index);
    return i < list.size() ? select(list.get(i), rest) : Optional.empty();
  }
}
