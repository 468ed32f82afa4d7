// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.metrics;

/** All that a KMS counts of itself. It outlives the parts of the KMS, which a checkpoint closes. */
public record Counters(OperationCounters operations, HsmCounters hsm, SubkeyCounters subkeys) {

  /** Makes counters that stand at zero. */
  public Counters() {
    this(new OperationCounters(), new HsmCounters(), new SubkeyCounters());
  }
}
