// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.WrapPolicy;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;

/** Tries the objects of a domain key before anything depends on them. */
final class DomainKeyCheck {
  private static final Mechanism HMAC = Mechanism.of(Ckm.SHA256_HMAC);
  private static final Mechanism ECDSA = Mechanism.of(Ckm.ECDSA);
  private static final int HASH_BYTES = 32;

  private final DomainObjects objects;
  private final TokenTraits traits;

  DomainKeyCheck(DomainObjects objects, TokenTraits traits) {
    this.objects = objects;
    this.traits = traits;
  }

  /** What was found out: how the wrapping key was born, and the public key as DER. */
  static final class Result {
    private final WrapPolicy policy;
    private final boolean received;
    private final byte[] publicKey;

    private Result(WrapPolicy policy, boolean received, byte[] publicKey) {
      this.policy = policy;
      this.received = received;
      this.publicKey = publicKey;
    }

    WrapPolicy policy() {
      return policy;
    }

    boolean isReceived() {
      return received;
    }

    /** Lends the array, which nobody changes. */
    byte[] publicKey() {
      return publicKey;
    }
  }

  /**
   * Reads the attributes back and uses each key once.
   *
   * @throws dev.strongroom.hsm.HsmException.Untrustworthy if one is not what it should be
   */
  Result run(Session session, DomainObjects.Handles handles) {
    boolean isReceived = objects.requireAttributes(session, handles);
    try {
      return use(session, handles, isReceived);
    } catch (Pkcs11Exception e) {
      TokenProbe.rethrowLoss(e);
      // A token that was stopped while it made a key may keep one without a value.
      if (e.meaning() != Ckr.Meaning.OBJECT_LOST && worksWithOthers(session)) {
        throw objects.untrustworthy("has a key that does not work (" + e.getMessage() + ")");
      }
      throw e;
    }
  }

  private boolean worksWithOthers(Session session) {
    Template template = KeyTemplates.wrappingKey(WrapPolicy.OPEN).no(Cka.TOKEN);
    long other = session.generateKey(Mechanism.of(Ckm.AES_KEY_GEN), template);
    try {
      WrapPolicyCheck.keepsKeysIn(session, traits.keyWrap(), other);
      return true;
    } finally {
      session.destroyObject(other);
    }
  }

  private Result use(Session session, DomainObjects.Handles handles, boolean isReceived) {
    if (session.sign(HMAC, handles.kdf(), new byte[HASH_BYTES]).length != HASH_BYTES) {
      throw objects.untrustworthy("has a kdf key that does not make HMACs of 32 bytes");
    }

    byte[] publicKey =
        BackingKeyMaker.publicKey(session, BackingKeySpec.EC_P256, handles.publicKey());
    byte[] hash = session.random(HASH_BYTES);
    byte[] signature = Der.ecdsaSignature(session.sign(ECDSA, handles.sign(), hash));
    if (!verifies(publicKey, hash, signature)) {
      throw objects.untrustworthy("has a public key that does not belong to its sign key");
    }

    boolean canChange = isReceived && session.flag(handles.wrap(), Cka.MODIFIABLE);
    boolean keeps =
        WrapPolicyCheck.keepsKeysIn(session, traits.keyWrap(), handles.wrap()) && !canChange;
    return new Result(keeps ? WrapPolicy.STRICT : WrapPolicy.OPEN, isReceived, publicKey);
  }

  private static boolean verifies(byte[] publicKey, byte[] hash, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance("NONEwithECDSA", "SunEC");
      verifier.initVerify(
          KeyFactory.getInstance("EC", "SunEC").generatePublic(new X509EncodedKeySpec(publicKey)));
      verifier.update(hash);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false; // neither a point of the curve nor a signature: not the pair it should be
    }
  }
}
