// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyOrigin;
import dev.strongroom.kms.KeyType;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.KmsKey;

/**
 * Which keys rotate. Symmetric ones do, as in AWS; HMAC and asymmetric ones where somebody says
 * that their generations overlap, because whoever verifies elsewhere must know them all.
 */
final class RotationRules {

  /** The parameter by which somebody says so. */
  static final String OVERLAP = "withOverlap";

  private RotationRules() {}

  static Call overlapping(Call call, boolean withOverlap) {
    return withOverlap ? call.with(OVERLAP, "true") : call;
  }

  /** Returns whether somebody has said so of a key. */
  static boolean overlaps(KmsKey key) {
    return key.rotation().isPresent() || key.wasRotated();
  }

  /**
   * @throws KmsException.UnsupportedOperation if a key does not rotate by itself
   */
  static void requireRotatable(KmsKey key, boolean withOverlap) {
    requireOverlap(key, withOverlap);
    if (key.origin() != KeyOrigin.AWS_KMS) {
      throw new KmsException.UnsupportedOperation(
          key.arn()
              + " origin is "
              + key.origin()
              + " which is not valid for this operation: its material was made elsewhere. Bring new"
              + " material, and run 'kms rotate-key-on-demand'.");
    }
  }

  /**
   * @throws KmsException.UnsupportedOperation if a key does not rotate at all
   */
  static void requireOverlap(KmsKey key, boolean withOverlap) {
    if (key.origin() == KeyOrigin.AWS_CLOUDHSM) {
      throw new KmsException.UnsupportedOperation(
          key.arn()
              + " origin is AWS_CLOUDHSM which is not valid for this operation: it lives in a token."
              + " Make another key there, and move its alias with 'kms update-alias'.");
    }
    if (key.spec().type() == KeyType.SYMMETRIC) {
      return;
    }
    if (withOverlap) {
      requireTellable(key);
    } else {
      throw new KmsException.UnsupportedOperation(
          key.arn()
              + " is of spec "
              + key.spec()
              + ", and keys of spec SYMMETRIC_DEFAULT rotate. Make another key, and move its alias"
              + " with 'kms update-alias'; or rotate this one with --with-overlap: its newest"
              + " material signs, and all that it had verifies.");
    }
  }

  /** Refuses where nobody could tell which generation something is for, or was made with. */
  private static void requireTellable(KmsKey key) {
    if (key.usage() == KeyUsage.KEY_AGREEMENT || key.usage() == KeyUsage.KEY_ENCAPSULATION) {
      throw refused(
          key,
          " is for "
              + key.usage()
              + " and does not rotate: with other material both sides would have different secrets,"
              + " and no error. Make another key, give its public half to the other side, and move"
              + " the alias with 'kms update-alias'.");
    }
    if (key.pkcs1Decryption()) {
      throw refused(
          key,
          " decrypts RSAES-PKCS1-v1_5 and does not rotate: that padding does not tell which material"
              + " a ciphertext is for. Run 'kms update-pkcs1-decryption --deny' first, if nothing"
              + " of that is left.");
    }
    if (key.origin() == KeyOrigin.EXTERNAL) {
      throw refused(
          key,
          " origin is EXTERNAL which is not valid for this operation: keys of spec "
              + key.spec()
              + " take no second material that was made elsewhere. Make another key, and move its"
              + " alias with 'kms update-alias'.");
    }
  }

  /**
   * @throws KmsException.UnsupportedOperation if ciphertexts can be for other material than the
   *     newest, which RSAES-PKCS1-v1_5 does not tell
   */
  static void requireOneGeneration(KmsKey key) {
    if (key.wasRotated()) {
      throw refused(
          key,
          " was rotated, and RSAES-PKCS1-v1_5 does not tell which material a ciphertext is for. Make"
              + " another key for that padding.");
    }
  }

  private static KmsException refused(KmsKey key, String why) {
    return new KmsException.UnsupportedOperation(key.arn() + why);
  }
}
