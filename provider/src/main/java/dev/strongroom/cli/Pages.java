// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.service.Kms.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lists by AWS CLI's rules: with {@code --limit} or {@code --marker} one page as the service gives
 * it, otherwise page after page until all are there or {@code --max-items} are.
 */
final class Pages {
  private static final int PAGE = 1000;

  /** Asks the service for one page. */
  @FunctionalInterface
  interface Source<T> {
    Page<T> page(@Nullable String marker, int limit);
  }

  private Pages() {}

  static <T> Answer list(Call call, String member, Source<T> source, Function<T, Answer> shape) {
    if (call.arguments().has("--limit") || call.arguments().has("--marker")) {
      String marker = call.arguments().find("--marker").orElse(null);
      Page<T> page = source.page(marker, call.number("--limit", 100, 1, PAGE));
      return new Answer()
          .with(member, shapes(page.items(), shape))
          .withIfPresent("NextMarker", page.nextMarker())
          .with("Truncated", page.nextMarker().isPresent());
    }
    return all(call, member, source, shape);
  }

  private static <T> Answer all(
      Call call, String member, Source<T> source, Function<T, Answer> shape) {
    int wanted = call.number("--max-items", Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
    Optional<String> marker = call.arguments().find("--starting-token");
    List<Answer> items = new ArrayList<>();
    do {
      int limit = Math.min(PAGE, wanted - items.size());
      Page<T> page = source.page(marker.orElse(null), limit);
      items.addAll(shapes(page.items(), shape));
      marker = page.nextMarker();
    } while (marker.isPresent() && items.size() < wanted);
    return new Answer().with(member, items).withIfPresent("NextToken", marker);
  }

  private static <T> List<Answer> shapes(List<T> items, Function<T, Answer> shape) {
    return items.stream().map(shape).toList();
  }
}
