// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.key.DomainRecord;
import java.util.List;

/**
 * What a copy of a store is of.
 *
 * @param incarnation the domain id, until a restore makes another one
 * @param auditStreams how many streams of the audit trail are registered
 * @param keys all KMS keys in the order of their ids
 */
public record StoreState(
    StoreHead head, DomainRecord domain, String incarnation, long auditStreams, List<KeyId> keys) {

  public StoreState {
    keys = List.copyOf(keys);
  }
}
