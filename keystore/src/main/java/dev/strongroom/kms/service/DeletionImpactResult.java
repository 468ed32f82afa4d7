// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.audit.usage.MaterialUse;
import dev.strongroom.kms.audit.usage.UsageReport;
import java.util.List;

/**
 * What would go with a key, and who has used it.
 *
 * @param aliases the names that it has
 * @param grants how many grants there are on it
 * @param usage by day, caller and operation
 * @param materials the same by generation of its material, the oldest first
 */
public record DeletionImpactResult(
    KeyMetadata key,
    List<String> aliases,
    int grants,
    GetKeyLastUsageResult lastUsage,
    UsageReport usage,
    List<MaterialUse> materials) {

  public DeletionImpactResult {
    aliases = List.copyOf(aliases);
    materials = List.copyOf(materials);
  }
}
