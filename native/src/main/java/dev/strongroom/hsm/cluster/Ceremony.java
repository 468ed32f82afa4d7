// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.cluster;

import dev.strongroom.hsm.BackingKey;
import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HashAlgorithm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.transport.DomainKeyCarrier;
import dev.strongroom.hsm.transport.DomainKeyReceiver;
import dev.strongroom.hsm.transport.DomainKeyShipment;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The making of a domain key at all members: the first makes it for all, each receives it under an
 * RSA key of its own, and the copies are compared before any counts. What was made is taken away
 * again where that fails.
 */
final class Ceremony {
  private static final System.Logger LOG = System.getLogger(Ceremony.class.getName());
  private static final byte[] CHALLENGE = new byte[32];

  private final List<Member> members;

  Ceremony(List<Member> members) {
    this.members = members;
  }

  DomainKey create(
      DomainKeyId id, WrapPolicy policy, Function<Copies<DomainKey>, DomainKey> counting) {
    List<DomainKeyReceiver> receivers = new ArrayList<>();
    Copies<DomainKey> copies = new Copies<>(members.size());
    boolean done = false;
    try {
      for (Member member : members) {
        receivers.addAll(member.open().openReceivers(id));
      }
      if (receivers.size() != members.size()) {
        throw new HsmException.AlreadyExists("Domain key " + id + " is at a member already.");
      }
      receive(id, policy, receivers, copies);
      requireAlike(copies);
      DomainKey counted = counting.apply(copies);
      done = true;
      return counted;
    } finally {
      receivers.forEach(DomainKeyReceiver::close);
      if (!done) {
        takeAway(id, copies);
      }
    }
  }

  private void receive(
      DomainKeyId id,
      WrapPolicy policy,
      List<DomainKeyReceiver> receivers,
      Copies<DomainKey> copies) {
    List<byte[]> publicKeys = receivers.stream().map(DomainKeyReceiver::publicKey).toList();
    DomainKeyShipment shipment = members.get(0).open().createForTransport(id, policy, publicKeys);
    for (int i = 0; i < members.size(); i++) {
      copies.set(i, receivers.get(i).receive(shipment.parcel(), shipment.transportKey(i)));
    }
  }

  private static void requireAlike(Copies<DomainKey> copies) {
    Predicate<DomainKey> like = likeAll(copies);
    byte[] body = any(copies).generate(BackingKeySpec.SECRET_256).body();
    byte[] opened = opened(any(copies), body);
    for (int i = 0; i < copies.members(); i++) {
      DomainKey copy = Objects.requireNonNull(copies.get(i));
      if (!like.test(copy) || !MessageDigest.isEqual(opened, opened(copy, body))) {
        throw HsmException.OtherKey.of(copy.id());
      }
    }
  }

  /**
   * Gives a domain key to an HSM that lacks it; it is taken away again if it is not the right one.
   */
  static DomainKey give(
      DomainKeyCarrier hsm,
      ClusterDomainKey key,
      Function<List<byte[]>, DomainKeyShipment> export) {
    List<DomainKeyReceiver> receivers = hsm.openReceivers(key.id());
    if (receivers.isEmpty()) {
      throw HsmException.OtherKey.of(key.id());
    }
    boolean isRight = false;
    try {
      DomainKeyReceiver receiver = receivers.get(0);
      DomainKeyShipment shipment = export.apply(List.of(receiver.publicKey()));
      DomainKey copy = receiver.receive(shipment.parcel(), shipment.transportKey(0));
      try {
        isRight = key.isRight(copy);
      } finally {
        if (!isRight) {
          hsm.destroyDomainKey(key.id());
        }
      }
      if (!isRight) {
        throw HsmException.OtherKey.of(key.id());
      }
      return copy;
    } finally {
      receivers.forEach(DomainKeyReceiver::close);
    }
  }

  private static byte[] opened(DomainKey key, byte[] body) {
    try (BackingKey secret = key.unwrap(BackingKeySpec.SECRET_256, body)) {
      return secret.hmac(HashAlgorithm.SHA_256, CHALLENGE);
    }
  }

  /** Returns what tells a copy of the same key, until the store has a check value for it. */
  static Predicate<DomainKey> likeAll(Copies<DomainKey> copies) {
    DomainKey sample = any(copies);
    byte[] expected = sample.hmac(CHALLENGE);
    byte[] publicKey = sample.publicKey();
    return copy ->
        MessageDigest.isEqual(expected, copy.hmac(CHALLENGE))
            && MessageDigest.isEqual(publicKey, copy.publicKey())
            && copy.wrapPolicy() == sample.wrapPolicy();
  }

  static DomainKey any(Copies<DomainKey> copies) {
    for (int i = 0; i < copies.members(); i++) {
      DomainKey copy = copies.get(i);
      if (copy != null) {
        return copy;
      }
    }
    throw new IllegalArgumentException("There is no copy");
  }

  private void takeAway(DomainKeyId id, Copies<DomainKey> copies) {
    for (int i = 0; i < members.size(); i++) {
      if (copies.get(i) == null) {
        continue;
      }
      try {
        members.get(i).open().destroyDomainKey(id);
      } catch (HsmException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "Domain key {0} was not finished, and its objects at {1} could not be destroyed: {2}",
            id,
            members.get(i).name(),
            e.getMessage());
      }
    }
  }
}
