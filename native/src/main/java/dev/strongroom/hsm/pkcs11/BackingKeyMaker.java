// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.WrappedKey;

/** Makes a key in the token, wraps it and destroys it. */
final class BackingKeyMaker {
  private BackingKeyMaker() {}

  static WrappedKey make(Session session, BackingKeySpec spec, long keyWrap, long wrappingKey) {
    return spec.isSecret()
        ? makeSecret(session, spec, keyWrap, wrappingKey)
        : makePair(session, spec, keyWrap, wrappingKey);
  }

  private static WrappedKey makeSecret(
      Session session, BackingKeySpec spec, long keyWrap, long wrappingKey) {
    Mechanism generation = Mechanism.of(Ckm.GENERIC_SECRET_KEY_GEN);
    long key = session.generateKey(generation, KeyTemplates.toBeWrapped(spec));
    try {
      return new WrappedKey(session.wrap(keyWrap, wrappingKey, key), new byte[0]);
    } finally {
      session.destroyObject(key);
    }
  }

  private static WrappedKey makePair(
      Session session, BackingKeySpec spec, long keyWrap, long wrappingKey) {
    Template publicTemplate = KeyTemplates.publicKey(spec).no(Cka.TOKEN);
    var pair =
        session.generateKeyPair(generation(spec), publicTemplate, KeyTemplates.toBeWrapped(spec));
    try {
      byte[] publicKey = publicKey(session, spec, pair.publicKey());
      return new WrappedKey(session.wrap(keyWrap, wrappingKey, pair.privateKey()), publicKey);
    } finally {
      try {
        session.destroyObject(pair.publicKey());
      } finally {
        session.destroyObject(pair.privateKey());
      }
    }
  }

  /** Returns the public key object as DER SubjectPublicKeyInfo. */
  static byte[] publicKey(Session session, BackingKeySpec spec, long publicKey) {
    return spec.type() == BackingKeySpec.Type.RSA
        ? Der.rsaPublicKey(
            session.attribute(publicKey, Cka.MODULUS),
            session.attribute(publicKey, Cka.PUBLIC_EXPONENT))
        : Der.curvePublicKey(spec, session.attribute(publicKey, Cka.EC_POINT));
  }

  static Mechanism generation(BackingKeySpec spec) {
    return Mechanism.of(
        switch (spec.type()) {
          case SECRET -> Ckm.GENERIC_SECRET_KEY_GEN;
          case RSA -> Ckm.RSA_PKCS_KEY_PAIR_GEN;
          case EC, AGREEMENT -> Ckm.EC_KEY_PAIR_GEN;
          case EDWARDS -> Ckm.EC_EDWARDS_KEY_PAIR_GEN;
        });
  }
}
