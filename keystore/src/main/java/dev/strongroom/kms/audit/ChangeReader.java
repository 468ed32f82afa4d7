// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KmsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Reads what the trail has of the changes of the store, twice: before the store is looked at and
 * after. What the store shows must be on record after; what was on record before, the store must
 * show. Others may go on writing both meanwhile.
 */
public final class ChangeReader {
  private final AuditVerifier verifier;
  private final Map<UUID, Found> before;

  private record Found(ChangeReading reading, Verification verification) {}

  private ChangeReader(AuditVerifier verifier, Map<UUID, Found> before) {
    this.verifier = verifier;
    this.before = before;
  }

  /** Reads for the first time. */
  static ChangeReader begin(AuditVerifier verifier) {
    return new ChangeReader(verifier, read(verifier));
  }

  private static Map<UUID, Found> read(AuditVerifier verifier) {
    Inventory inventory = verifier.inventoryOfFiles();
    Map<UUID, Found> found = new TreeMap<>();
    for (UUID stream : inventory.files().keySet()) {
      ChangeReading reading = new ChangeReading(stream);
      found.put(
          stream, new Found(reading, verifier.verify(stream, inventory, Optional.of(reading))));
    }
    return found;
  }

  /**
   * Reads for the second time, after the store was looked at.
   *
   * @param registered the streams that the store knows
   * @throws KmsException.AuditUnavailable if the trail cannot be read
   */
  public ChangeHistory end(Set<UUID> registered) {
    Map<UUID, Found> after = read(verifier);
    List<StoreChange> changes = new ArrayList<>();
    List<String> gaps = new ArrayList<>();
    after.forEach((stream, found) -> changes.addAll(changes(stream, found, gaps)));
    registered.stream()
        .filter(stream -> !after.containsKey(stream))
        .sorted()
        .forEach(stream -> gaps.add("Stream " + stream + " of the trail is gone."));
    long newest = 0;
    List<UUID> unknown = new ArrayList<>();
    for (Map.Entry<UUID, Found> stream : before.entrySet()) {
      ChangeReading reading = stream.getValue().reading();
      newest = Math.max(newest, reading.newest());
      if (reading.hasRecords() && !registered.contains(stream.getKey())) {
        unknown.add(stream.getKey());
      }
    }
    return new ChangeHistory(changes, newest, unknown, gaps);
  }

  private List<StoreChange> changes(UUID stream, Found found, List<String> gaps) {
    Verification verification = found.verification();
    if (!verification.isIntact()) {
      gaps.add(
          "Stream " + stream + " of the trail was changed; 'cloudtrail validate-logs' says where.");
    }
    Found earlier = before.get(stream);
    return found
        .reading()
        .changes(
            verification.isIntact() ? Long.MAX_VALUE : verification.intactRecords(),
            earlier == null ? new ChangeReading(stream) : earlier.reading());
  }
}
