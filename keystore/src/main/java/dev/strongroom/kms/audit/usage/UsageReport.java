// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit.usage;

import java.util.List;

/**
 * Who used which key for what, by day.
 *
 * @param sums by day, then key, caller and operation
 * @param unreadable at how many places the trail could not be read: what stands there is in no sum
 */
public record UsageReport(List<UsageSum> sums, long unreadable) {

  public UsageReport {
    sums = List.copyOf(sums);
  }
}
