// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.metrics;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmInfo;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.WrappedKey;
import java.util.Optional;
import java.util.function.Predicate;

/** An HSM whose calls are counted and measured; it does what the one inside does. Thread-safe. */
public final class CountedHsm implements Hsm {
  private final Hsm inside;
  private final HsmCounters counters;

  /** Closing this closes {@code inside}. */
  public CountedHsm(Hsm inside, HsmCounters counters) {
    this.inside = inside;
    this.counters = counters;
  }

  @Override
  public HsmInfo info() {
    return inside.info();
  }

  @Override
  public DomainKey createDomainKey(DomainKeyId id, WrapPolicy policy) {
    return new CountedDomainKey(
        counters.count(HsmCall.CREATE_DOMAIN_KEY, () -> inside.createDomainKey(id, policy)),
        counters);
  }

  @Override
  public Optional<DomainKey> findDomainKey(DomainKeyId id) {
    return counters
        .count(HsmCall.FIND_DOMAIN_KEY, () -> inside.findDomainKey(id))
        .map(found -> new CountedDomainKey(found, counters));
  }

  @Override
  public Optional<DomainKey> findDomainKey(DomainKeyId id, Predicate<DomainKey> isRight) {
    return counters
        .count(HsmCall.FIND_DOMAIN_KEY, () -> inside.findDomainKey(id, isRight))
        .map(found -> new CountedDomainKey(found, counters));
  }

  @Override
  public void destroyDomainKey(DomainKeyId id) {
    counters.count(
        HsmCall.DESTROY_DOMAIN_KEY,
        () -> {
          inside.destroyDomainKey(id);
          return true;
        });
  }

  @Override
  public byte[] random(int length) {
    return counters.count(HsmCall.RANDOM, () -> inside.random(length));
  }

  @Override
  public void close() {
    inside.close();
  }

  private record CountedDomainKey(DomainKey inside, HsmCounters counters) implements DomainKey {

    @Override
    public DomainKeyId id() {
      return inside.id();
    }

    @Override
    public WrapPolicy wrapPolicy() {
      return inside.wrapPolicy();
    }

    @Override
    public boolean isReceived() {
      return inside.isReceived();
    }

    @Override
    public int copies() {
      return inside.copies();
    }

    @Override
    public byte[] hmac(byte[] data) {
      return counters.count(HsmCall.HMAC, () -> inside.hmac(data));
    }

    @Override
    public byte[] sign(byte[] hash) {
      return counters.count(HsmCall.SIGN, () -> inside.sign(hash));
    }

    @Override
    public byte[] publicKey() {
      return inside.publicKey();
    }

    @Override
    public WrappedKey generate(BackingKeySpec spec) {
      return counters.count(HsmCall.GENERATE_KEY, () -> inside.generate(spec));
    }

    @Override
    public BackingKey unwrap(BackingKeySpec spec, byte[] body) {
      return new CountedBackingKey(
          counters.count(HsmCall.OPEN_KEY, () -> inside.unwrap(spec, body)), counters);
    }

    @Override
    public byte[] rewrap(BackingKeySpec spec, byte[] body, DomainKey target) {
      DomainKey other = target instanceof CountedDomainKey counted ? counted.inside : target;
      return counters.count(HsmCall.REWRAP_KEY, () -> inside.rewrap(spec, body, other));
    }
  }
}
