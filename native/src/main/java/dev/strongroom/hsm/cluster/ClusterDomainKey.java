// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.cluster;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.WrappedKey;
import java.util.function.Predicate;

/** A version of a domain key with its copies at members of the cluster. */
final class ClusterDomainKey implements DomainKey {
  private final ClusterHsm cluster;
  private final DomainKeyId id;
  private final WrapPolicy policy;
  private final boolean received;
  private final byte[] publicKey;
  private final Predicate<DomainKey> isRight;
  private final Copies<DomainKey> copies;

  /**
   * Makes it.
   *
   * @param sample one of the copies
   * @param isRight is asked before a copy is used, and used again
   */
  ClusterDomainKey(
      ClusterHsm cluster,
      DomainKey sample,
      Predicate<DomainKey> isRight,
      Copies<DomainKey> copies) {
    this.cluster = cluster;
    this.id = sample.id();
    this.policy = sample.wrapPolicy();
    this.received = sample.isReceived();
    this.publicKey = sample.publicKey();
    this.isRight = isRight;
    this.copies = copies;
  }

  boolean isRight(DomainKey copy) {
    return isRight.test(copy);
  }

  Copies<DomainKey> all() {
    return copies;
  }

  @Override
  public DomainKeyId id() {
    return id;
  }

  @Override
  public WrapPolicy wrapPolicy() {
    return policy;
  }

  @Override
  public boolean isReceived() {
    return received;
  }

  @Override
  public int copies() {
    return copies.count();
  }

  @Override
  public byte[] publicKey() {
    return publicKey.clone();
  }

  @Override
  public byte[] hmac(byte[] data) {
    return run((copy, input, none) -> copy.hmac(input), data, this);
  }

  @Override
  public byte[] sign(byte[] hash) {
    return run((copy, input, none) -> copy.sign(input), hash, this);
  }

  /** What is made leaves its HSM wrapped, and stays in none: it may be made again elsewhere. */
  @Override
  public WrappedKey generate(BackingKeySpec spec) {
    return run((copy, wanted, none) -> copy.generate(wanted), spec, this);
  }

  /** Opens it at one member now, and at others when they are asked for it. */
  @Override
  public BackingKey unwrap(BackingKeySpec spec, byte[] body) {
    ClusterBackingKey key = new ClusterBackingKey(this, spec, body);
    key.open();
    return key;
  }

  @Override
  public byte[] rewrap(BackingKeySpec spec, byte[] body, DomainKey target) {
    if (!(target instanceof ClusterDomainKey other) || other.cluster != cluster) {
      throw new IllegalArgumentException("Domain key " + target.id() + " is of another HSM.");
    }
    int start = Copies.start(copies.members());
    for (int i = 0; i < copies.members(); i++) {
      int member = (start + i) % copies.members();
      DomainKey from = copies.get(member);
      DomainKey to = other.copies.get(member);
      if (from == null || to == null) {
        continue;
      }
      try {
        return from.rewrap(spec, body, to);
      } catch (HsmException e) {
        Copies.requireFault(e);
        failed(member, e);
      }
    }
    throw new HsmException.Unavailable(
        "No member of the cluster that answers has both domain key "
            + id
            + " and "
            + target.id()
            + ". 'cloudhsm describe-cluster' says which has what; bring back one that has both.",
        null);
  }

  /** Runs work at one member after the other; at those that are down as a last resort. */
  <A, B, T> T run(Copies.Work<DomainKey, A, B, T> work, A first, B second) {
    T done = copies.run(this::failed, work, first, second);
    if (done == null) {
      cluster.restoreAny(id);
      done = copies.run(this::failed, work, first, second);
    }
    if (done == null) {
      throw cluster.noneServes(id);
    }
    return done;
  }

  void failed(int member, HsmException why) {
    cluster.failed(member, why);
  }

  /** Finds copies again at members that are down, where none is left. */
  void restoreAny() {
    cluster.restoreAny(id);
  }

  HsmException noneServes() {
    return cluster.noneServes(id);
  }
}
