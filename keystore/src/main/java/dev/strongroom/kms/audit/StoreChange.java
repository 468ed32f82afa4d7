// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.RowChange;
import java.util.List;
import java.util.UUID;

/**
 * What the trail has of one transaction of the store.
 *
 * @param stream the journal that holds it
 * @param revision what the store's is after the transaction
 * @param isCommitted whether its process lived on to record that it was committed; otherwise it may
 *     have been or not
 * @param isEarly whether it was on record as committed before the store was looked at, which must
 *     then show it
 */
public record StoreChange(
    UUID stream, long revision, boolean isCommitted, boolean isEarly, List<RowChange> rows) {

  public StoreChange {
    rows = List.copyOf(rows);
  }
}
