// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.metrics;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.HsmInfo;
import dev.strongroom.hsm.TokenKeys;
import java.util.Optional;

/** Keys in a token, calls to which are counted and measured with those to the HSM. Thread-safe. */
public final class CountedTokenKeys implements TokenKeys {
  private final TokenKeys inside;
  private final HsmCounters counters;

  /** Closing this closes {@code inside}. */
  public CountedTokenKeys(TokenKeys inside, HsmCounters counters) {
    this.inside = inside;
    this.counters = counters;
  }

  @Override
  public HsmInfo info() {
    return inside.info();
  }

  @Override
  public BackingKey create(byte[] id, String label) {
    return new CountedBackingKey(
        counters.count(HsmCall.GENERATE_KEY, () -> inside.create(id, label)), counters);
  }

  @Override
  public Optional<BackingKey> find(byte[] id) {
    return counters
        .count(HsmCall.OPEN_KEY, () -> inside.find(id))
        .map(found -> new CountedBackingKey(found, counters));
  }

  @Override
  public boolean destroy(byte[] id) {
    return counters.count(HsmCall.DESTROY_KEY, () -> inside.destroy(id));
  }

  @Override
  public byte[] random(int length) {
    return counters.count(HsmCall.RANDOM, () -> inside.random(length));
  }

  @Override
  public void close() {
    inside.close();
  }
}
