// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.DomainKey;
import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.transport.DomainKeyParcel;
import dev.strongroom.hsm.transport.DomainKeyReceiver;
import org.jspecify.annotations.Nullable;

/** A receiver in a token: a key pair of the session, which the token makes and vouches for. */
final class Pkcs11Receiver implements DomainKeyReceiver {
  /** What is under it is in memory only and for seconds: larger ones take tokens many seconds. */
  private static final BackingKeySpec SPEC = BackingKeySpec.RSA_2048;

  private final TokenLink link;
  private final TokenTraits traits;
  private final Connection connection;
  private final long privateKey;
  private final byte[] publicKey;
  private @Nullable DomainKeyId received;

  private Pkcs11Receiver(
      TokenLink link, TokenTraits traits, Connection connection, long privateKey, byte[] spki) {
    this.link = link;
    this.traits = traits;
    this.connection = connection;
    this.privateKey = privateKey;
    this.publicKey = spki;
  }

  /**
   * Makes the key pair and reads back that its private half was made in the token, does not leave
   * it and only unwraps.
   */
  static Pkcs11Receiver open(TokenLink link, TokenTraits traits) {
    return link.keepLong(session -> open(link, traits, session));
  }

  private static Pkcs11Receiver open(TokenLink link, TokenTraits traits, Session session) {
    var pair =
        session.generateKeyPair(
            BackingKeyMaker.generation(SPEC),
            KeyTemplates.receiverPublicKey(SPEC.bits()),
            KeyTemplates.receiver());
    try {
      require(session, pair.privateKey(), true, Cka.LOCAL, Cka.SENSITIVE, Cka.ALWAYS_SENSITIVE);
      require(session, pair.privateKey(), true, Cka.NEVER_EXTRACTABLE, Cka.UNWRAP);
      require(session, pair.privateKey(), false, Cka.EXTRACTABLE, Cka.DECRYPT, Cka.SIGN);
      byte[] spki = BackingKeyMaker.publicKey(session, SPEC, pair.publicKey());
      return new Pkcs11Receiver(link, traits, session.connection(), pair.privateKey(), spki);
    } finally {
      session.destroyObject(pair.publicKey());
    }
  }

  private static void require(Session session, long key, boolean wanted, long... flags) {
    for (long flag : flags) {
      if (session.flag(key, flag) != wanted) {
        session.destroyObject(key);
        throw new HsmException.Untrustworthy(
            String.format(
                "The token made a receiving key whose attribute 0x%03x is not %s. Do not use this"
                    + " module for a cluster.",
                flag, wanted));
      }
    }
  }

  @Override
  public String name() {
    return link.login().name();
  }

  @Override
  public byte[] publicKey() {
    return publicKey.clone();
  }

  @Override
  public DomainKey receive(DomainKeyParcel parcel, byte[] transportKey) {
    DomainKeyCreation receipt =
        DomainKeyCreation.receipt(
            parcel,
            traits,
            session -> {
              requireSame(session);
              return session.unwrap(
                  DomainKeyDispatch.OAEP,
                  privateKey,
                  transportKey,
                  KeyTemplates.receivedTransportKey());
            });
    try {
      DomainKeyCheck.Result checked = link.change(receipt::run);
      received = parcel.id();
      return new Pkcs11DomainKey(parcel.id(), link, traits, checked);
    } catch (Pkcs11Exception e) {
      if (e.function().equals("C_UnwrapKey") && e.meaning() != Ckr.Meaning.REFUSED) {
        // Modules answer what they cannot unwrap with the codes of a broken device.
        requireWorking();
        throw new HsmException.Tampered(
            "The shipment of domain key "
                + parcel.id()
                + " was altered, or is for another receiver than "
                + name()
                + ".",
            e);
      }
      throw link.translate(e);
    }
  }

  private void requireSame(Session session) {
    if (session.connection() != connection) {
      throw new HsmException.Unavailable(
          "The token " + name() + " was away meanwhile, and its receiving key is gone. Begin anew.",
          null);
    }
  }

  private void requireWorking() {
    try {
      link.workLong(session -> new KeyWrapProbe(session).wrapsUnextractable(traits.keyWrap()));
    } catch (Pkcs11Exception broken) {
      throw link.translate(broken);
    }
  }

  @Override
  public void discard() {
    DomainKeyId last = received;
    if (last == null) {
      return;
    }
    try {
      link.change(
          session -> {
            new DomainObjects(last).destroy(session);
            return true;
          });
      received = null;
    } catch (Pkcs11Exception e) {
      throw link.translate(e);
    }
  }

  @Override
  public void close() {
    link.forget(connection, privateKey);
  }
}
