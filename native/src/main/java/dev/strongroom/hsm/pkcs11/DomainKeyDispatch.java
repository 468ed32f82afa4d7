// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HashAlgorithm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.transport.DomainKeyParcel;
import dev.strongroom.hsm.transport.DomainKeyShipment;
import dev.strongroom.hsm.transport.TransportKeys;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends a domain key off: wraps it under a transport key that is born in the token, and that key
 * for each receiver. All that it makes are session objects, and gone when it is done.
 */
final class DomainKeyDispatch {
  /** The hash that SoftHSM and older tokens have for OAEP; see {@link TransportKeys}. */
  static final Mechanism OAEP = Mechanism.oaep(HashAlgorithm.SHA_1, HashAlgorithm.SHA_1);

  private final TokenTraits traits;
  private final List<byte[]> receivers;

  DomainKeyDispatch(TokenTraits traits, List<byte[]> receivers) {
    this.traits = traits;
    this.receivers = receivers;
  }

  /** The handles of the three keys. */
  private record Keys(long wrap, long kdf, long sign) {}

  /** Makes the keys for others only. */
  DomainKeyShipment create(Session session, DomainKeyId id, WrapPolicy policy) {
    List<Long> made = new ArrayList<>();
    try {
      long wrap =
          session.generateKey(Mechanism.of(Ckm.AES_KEY_GEN), KeyTemplates.wrappingKeyToBeWrapped());
      made.add(wrap);
      long kdf =
          session.generateKey(
              Mechanism.of(Ckm.GENERIC_SECRET_KEY_GEN),
              KeyTemplates.toBeWrapped(BackingKeySpec.SECRET_256));
      made.add(kdf);
      var pair =
          session.generateKeyPair(
              BackingKeyMaker.generation(BackingKeySpec.EC_P256),
              KeyTemplates.publicKey(BackingKeySpec.EC_P256).no(Cka.TOKEN),
              KeyTemplates.toBeWrapped(BackingKeySpec.EC_P256));
      made.add(pair.publicKey());
      made.add(pair.privateKey());
      byte[] publicKey =
          BackingKeyMaker.publicKey(session, BackingKeySpec.EC_P256, pair.publicKey());
      return send(session, id, policy, new Keys(wrap, kdf, pair.privateKey()), publicKey);
    } finally {
      made.forEach(session::destroyObject);
    }
  }

  /**
   * Sends keys that are in the token, and stay.
   *
   * @throws Pkcs11Exception where the token keeps them in
   */
  DomainKeyShipment export(Session session, DomainKey key) {
    DomainObjects.Handles found =
        new DomainObjects(key.id())
            .find(session)
            .orElseThrow(
                () -> new HsmException.Gone("Domain key " + key.id() + " has just gone.", null));
    Keys keys = new Keys(found.wrap(), found.kdf(), found.sign());
    return send(session, key.id(), key.wrapPolicy(), keys, key.publicKey());
  }

  private DomainKeyShipment send(
      Session session, DomainKeyId id, WrapPolicy policy, Keys keys, byte[] publicKey) {
    long transportKey =
        session.generateKey(Mechanism.of(Ckm.AES_KEY_GEN), KeyTemplates.transportKey());
    try {
      DomainKeyParcel parcel =
          new DomainKeyParcel(
              id,
              policy,
              session.wrap(traits.keyWrap(), transportKey, keys.wrap()),
              session.wrap(traits.keyWrap(), transportKey, keys.kdf()),
              session.wrap(traits.keyWrap(), transportKey, keys.sign()),
              publicKey);
      List<byte[]> wrapped = new ArrayList<>();
      for (byte[] receiver : receivers) {
        wrapped.add(wrap(session, receiver, transportKey));
      }
      return new DomainKeyShipment(parcel, wrapped);
    } finally {
      session.destroyObject(transportKey);
    }
  }

  private static byte[] wrap(Session session, byte[] receiver, long transportKey) {
    long key = session.createObject(KeyTemplates.receiverElsewhere(TransportKeys.decode(receiver)));
    try {
      return session.wrap(OAEP, key, transportKey);
    } finally {
      session.destroyObject(key);
    }
  }
}
