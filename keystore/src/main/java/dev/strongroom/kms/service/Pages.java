// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Alias;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Lists that come in pages: the marker is the name of the last item of the page before. */
final class Pages {
  private static final int MAX_LIMIT = 1000;

  private Pages() {}

  /**
   * @throws KmsException.Validation unless {@code limit} is 1 to 1000
   */
  static int requireLimit(int limit) {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new KmsException.Validation(
          "A page has 1 to 1000 items, not " + limit + ". Ask for more pages with the marker.");
    }
    return limit;
  }

  static KeyId keyId(String marker) {
    try {
      return KeyId.parse(marker);
    } catch (IllegalArgumentException e) {
      throw invalidMarker(marker);
    }
  }

  static Alias alias(String marker) {
    try {
      return new Alias(marker);
    } catch (IllegalArgumentException e) {
      throw invalidMarker(marker);
    }
  }

  static KmsException invalidMarker(String marker) {
    return new KmsException.Validation(
        "\"" + marker + "\" is not a marker. Use NextMarker of the page before, unchanged.");
  }

  /** Returns the first {@code limit} items, with a marker where there was one more. */
  static <T> Kms.Page<T> of(List<T> upToOneMore, int limit, Function<T, String> marker) {
    if (upToOneMore.size() <= limit) {
      return new Kms.Page<>(upToOneMore, Optional.empty());
    }
    List<T> page = upToOneMore.subList(0, limit);
    return new Kms.Page<>(page, Optional.of(marker.apply(page.get(limit - 1))));
  }
}
