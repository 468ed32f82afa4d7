// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.usage;

import dev.strongroom.kms.KeyRef;
import java.time.Instant;
import java.util.Optional;

/**
 * Which uses of keys to sum up; what is empty selects all.
 *
 * @param key one key; a key id or ARN may be of one that was deleted
 * @param from the earliest time, inclusive
 * @param to the latest time, exclusive
 */
public record UsageQuery(Optional<KeyRef> key, Optional<Instant> from, Optional<Instant> to) {

  /** Selects everything that is on record. */
  public static final UsageQuery ALL =
      new UsageQuery(Optional.empty(), Optional.empty(), Optional.empty());
}
