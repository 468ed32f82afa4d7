// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.BackingKeySpec;

/** Tries whether a wrapping key holds what it opens, since attributes are only a promise. */
final class WrapPolicyCheck {
  private WrapPolicyCheck() {}

  /**
   * Returns whether a secret that is opened under {@code wrappingKey} as extractable is refused or
   * cannot be wrapped again: the promise of {@link dev.strongroom.hsm.WrapPolicy#STRICT}.
   */
  static boolean keepsKeysIn(Session session, long keyWrap, long wrappingKey) {
    byte[] body =
        BackingKeyMaker.make(session, BackingKeySpec.SECRET_256, keyWrap, wrappingKey).body();
    long opened;
    try {
      opened = session.unwrap(keyWrap, wrappingKey, body, KeyTemplates.unwrappedExtractable());
    } catch (Pkcs11Exception e) {
      TokenProbe.rethrowLoss(e);
      return opensAsPromised(session, keyWrap, wrappingKey, body);
    }
    try {
      session.wrap(keyWrap, wrappingKey, opened);
      return false;
    } catch (Pkcs11Exception e) {
      TokenProbe.rethrowLoss(e);
      return !session.flag(opened, Cka.EXTRACTABLE);
    } finally {
      session.destroyObject(opened);
    }
  }

  private static boolean opensAsPromised(
      Session session, long keyWrap, long wrappingKey, byte[] body) {
    Template template = KeyTemplates.unwrapped(BackingKeySpec.SECRET_256, false);
    long opened = session.unwrap(keyWrap, wrappingKey, body, template);
    try {
      return !session.flag(opened, Cka.EXTRACTABLE);
    } finally {
      session.destroyObject(opened);
    }
  }
}
