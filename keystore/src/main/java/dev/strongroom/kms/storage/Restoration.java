// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import java.time.Instant;
import java.util.Map;

/**
 * That a store came from a backup, which made it another incarnation of what it was.
 *
 * @param incarnation of the store since then
 * @param previous the incarnation that the backup was made of
 * @param receipt what the audit trail says of it
 */
public record Restoration(
    String incarnation, String previous, Instant restored, Map<String, String> receipt) {

  public Restoration {
    receipt = Map.copyOf(receipt);
  }
}
