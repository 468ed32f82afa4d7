// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.util.List;
import java.util.UUID;

/**
 * What the trail has of the changes of the store.
 *
 * @param changes of all streams that could be read, in the order of each
 * @param newest the highest revision that a checkpoint or a committed change names which was on
 *     record before the store was looked at; 0 if none does
 * @param unknown streams with records that the store does not have registered
 * @param gaps why something may be missing here, a sentence each
 */
public record ChangeHistory(
    List<StoreChange> changes, long newest, List<UUID> unknown, List<String> gaps) {

  public ChangeHistory {
    changes = List.copyOf(changes);
    unknown = List.copyOf(unknown);
    gaps = List.copyOf(gaps);
  }
}
