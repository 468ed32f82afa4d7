// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.HsmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Finds out whether a token can hold keys that live in it, with session objects that vanish. */
final class ResidentKeyProbe {
  private static final Mechanism HMAC = Mechanism.of(Ckm.SHA256_HMAC);
  private static final int BYTES = 32;

  private ResidentKeyProbe() {}

  /**
   * Tries what such keys need.
   *
   * @throws HsmException.Unsupported with the full list of what is missing
   */
  static TokenTraits run(TokenLink link) {
    Set<Long> mechanisms = TokenProbe.mechanisms(link.login());
    List<String> missing = new ArrayList<>();
    if (!mechanisms.contains(Ckm.GENERIC_SECRET_KEY_GEN)) {
      missing.add("CKM_GENERIC_SECRET_KEY_GEN");
    }
    if (!mechanisms.contains(Ckm.SHA256_HMAC)) {
      missing.add("CKM_SHA256_HMAC");
    }
    if (!missing.isEmpty()) {
      throw new HsmException.Unsupported(
          "The token "
              + link.login().name()
              + " lacks what keys that live in it need: "
              + String.join(", ", missing)
              + ". Choose another token, or ask its vendor for newer firmware.");
    }
    return link.workLong(session -> traits(session, mechanisms));
  }

  private static TokenTraits traits(Session session, Set<Long> mechanisms) {
    long key =
        session.generateKey(
            Mechanism.of(Ckm.GENERIC_SECRET_KEY_GEN), KeyTemplates.derivingKey().no(Cka.TOKEN));
    try {
      session.sign(HMAC, key, session.random(BYTES));
    } finally {
      session.destroyObject(key);
    }
    Long keyWrap =
        mechanisms.contains(Ckm.AES_KEY_GEN)
            ? new KeyWrapProbe(session).mechanism(mechanisms)
            : null;
    boolean leaks = keyWrap != null && new KeyWrapProbe(session).wrapsUnextractable(keyWrap);
    return new TokenTraits(
        keyWrap == null ? 0 : keyWrap,
        false,
        EnumSet.of(BackingKeySpec.SECRET_256),
        Set.of(),
        leaks,
        List.of());
  }
}
