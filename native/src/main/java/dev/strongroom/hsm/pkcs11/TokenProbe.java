// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import static dev.strongroom.hsm.pkcs11.Pkcs11Exception.check;

import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.WrapPolicy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a token really does, with session objects that vanish again: mechanism lists tell
 * neither which of two algorithms a number means nor what can be wrapped.
 */
final class TokenProbe {
  private final TokenLogin login;
  private final List<String> notes = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  private TokenProbe(TokenLogin login) {
    this.login = login;
  }

  /**
   * Tries what the KMS needs.
   *
   * @throws HsmException.Unsupported with the full list of what is missing
   */
  static TokenTraits run(TokenLink link) {
    TokenProbe probe = new TokenProbe(link.login());
    return link.workLong(probe::traits);
  }

  private TokenTraits traits(Session session) {
    Set<Long> mechanisms = mechanisms(login);
    need(mechanisms, Ckm.AES_KEY_GEN, "CKM_AES_KEY_GEN");
    need(mechanisms, Ckm.GENERIC_SECRET_KEY_GEN, "CKM_GENERIC_SECRET_KEY_GEN");
    need(mechanisms, Ckm.SHA256_HMAC, "CKM_SHA256_HMAC");
    need(mechanisms, Ckm.EC_KEY_PAIR_GEN, "CKM_EC_KEY_PAIR_GEN");
    need(mechanisms, Ckm.ECDSA, "CKM_ECDSA");
    Long keyWrap = null;
    if (missing.isEmpty()) {
      keyWrap = new KeyWrapProbe(session).mechanism(mechanisms);
      if (keyWrap == null) {
        missing.add("AES key wrap with padding (RFC 5649: CKM_AES_KEY_WRAP_KWP)");
      }
    }
    if (keyWrap == null) {
      throw new HsmException.Unsupported(
          "The token "
              + login.name()
              + " lacks what a domain key needs: "
              + String.join(", ", missing)
              + ". Choose another token, or ask its vendor for newer firmware.");
    }
    return traits(session, mechanisms, keyWrap);
  }

  private TokenTraits traits(Session session, Set<Long> mechanisms, long keyWrap) {
    boolean isNss = login.module().description().startsWith("NSS");
    boolean leaks = new KeyWrapProbe(session).wrapsUnextractable(keyWrap);
    Set<BackingKeySpec> specs = EnumSet.noneOf(BackingKeySpec.class);
    for (BackingKeySpec spec : BackingKeySpec.values()) {
      String reason = whyNot(session, spec, mechanisms, new Wrapping(keyWrap, isNss));
      if (reason == null) {
        specs.add(spec);
      } else {
        notes.add("No keys of spec " + spec + ": " + reason + ".");
      }
    }
    Set<WrapPolicy> policies = EnumSet.of(WrapPolicy.OPEN);
    if (!leaks && keepsStrict(session, keyWrap)) {
      policies.add(WrapPolicy.STRICT);
    } else {
      notes.add("No wrap policy STRICT: the token does not hold keys to an unwrap template.");
    }
    notes.add("No wrap policy TRUSTED: whether a token keeps it cannot be tested without its SO.");
    notes.add(String.format("RFC 5649 key wrap is mechanism 0x%04x.", keyWrap));
    return new TokenTraits(keyWrap, isNss, specs, policies, leaks, notes);
  }

  private record Wrapping(long mechanism, boolean isNss) {}

  /** Returns why {@code spec} cannot be served, or null if it can. */
  private @Nullable String whyNot(
      Session session, BackingKeySpec spec, Set<Long> mechanisms, Wrapping wrapping) {
    for (long needed : neededFor(spec)) {
      if (!mechanisms.contains(needed)) {
        return String.format("the token lacks mechanism 0x%04x", needed);
      }
    }
    if (spec.type() == BackingKeySpec.Type.RSA) {
      return fitsRsa(spec); // making an RSA key takes too long for a probe
    }
    try {
      tryOut(session, spec, wrapping);
      return null;
    } catch (Pkcs11Exception e) {
      rethrowLoss(e);
      return e.getMessage();
    }
  }

  private static long[] neededFor(BackingKeySpec spec) {
    return switch (spec.type()) {
      case SECRET -> new long[] {Ckm.hmac(HmacHashes.natural(spec))};
      case RSA -> new long[] {Ckm.RSA_PKCS_KEY_PAIR_GEN, Ckm.RSA_PKCS, Ckm.RSA_PKCS_PSS};
      case EC -> new long[] {Ckm.EC_KEY_PAIR_GEN, Ckm.ECDSA};
      case EDWARDS -> new long[] {Ckm.EC_EDWARDS_KEY_PAIR_GEN, Ckm.EDDSA};
      case AGREEMENT -> new long[] {Ckm.EC_KEY_PAIR_GEN, Ckm.ECDH1_DERIVE};
    };
  }

  private @Nullable String fitsRsa(BackingKeySpec spec) {
    int[] at = Abi.HERE.layout(Abi.CK_MECHANISM_INFO);
    Block info = new Block(64);
    long slot = login.token().slot();
    check(
        "C_GetMechanismInfo",
        LoadedModule.code(
            login
                .module()
                .cryptoki()
                .C_GetMechanismInfo(slot, Ckm.RSA_PKCS_KEY_PAIR_GEN, info.address(0))));
    info.keepAlive();
    long least = info.ulong(at[0]);
    long most = info.ulong(at[1]);
    return spec.bits() < least || spec.bits() > most
        ? "the token's RSA keys have " + least + " to " + most + " bits"
        : null;
  }

  private static void tryOut(Session session, BackingKeySpec spec, Wrapping wrapping) {
    long wrappingKey =
        session.generateKey(
            Mechanism.of(Ckm.AES_KEY_GEN), KeyTemplates.wrappingKey(WrapPolicy.OPEN).no(Cka.TOKEN));
    try {
      var made = BackingKeyMaker.make(session, spec, wrapping.mechanism(), wrappingKey);
      Template template = KeyTemplates.unwrapped(spec, wrapping.isNss());
      long key = session.unwrap(wrapping.mechanism(), wrappingKey, made.body(), template);
      try {
        switch (spec.type()) {
          case SECRET ->
              session.sign(Mechanism.of(Ckm.hmac(HmacHashes.natural(spec))), key, new byte[32]);
          case EC -> session.sign(Mechanism.of(Ckm.ECDSA), key, new byte[32]);
          case EDWARDS -> session.sign(Mechanism.of(Ckm.EDDSA), key, new byte[32]);
          case AGREEMENT ->
              Pkcs11BackingKey.agree(session, spec, key, Der.pointIn(spec, made.publicKey()));
          case RSA -> throw new IllegalArgumentException("RSA is not tried");
        }
      } finally {
        session.destroyObject(key);
      }
    } finally {
      session.destroyObject(wrappingKey);
    }
  }

  private static boolean keepsStrict(Session session, long keyWrap) {
    Template template = KeyTemplates.wrappingKey(WrapPolicy.STRICT).no(Cka.TOKEN);
    try {
      long strict = session.generateKey(Mechanism.of(Ckm.AES_KEY_GEN), template);
      try {
        return WrapPolicyCheck.keepsKeysIn(session, keyWrap, strict);
      } finally {
        session.destroyObject(strict);
      }
    } catch (Pkcs11Exception e) {
      rethrowLoss(e);
      return false;
    }
  }

  private void need(Set<Long> mechanisms, long mechanism, String name) {
    if (!mechanisms.contains(mechanism)) {
      missing.add(name);
    }
  }

  /** Returns what the token says that it does. */
  static Set<Long> mechanisms(TokenLogin login) {
    Cryptoki cryptoki = login.module().cryptoki();
    long slot = login.token().slot();
    Block count = new Block(16);
    check(
        "C_GetMechanismList",
        LoadedModule.code(cryptoki.C_GetMechanismList(slot, 0, count.address(0))));
    int most = (int) Math.min(count.ulong(0), 4096);
    Block list = new Block((most + 1) * Abi.HERE.ulongBytes);
    check(
        "C_GetMechanismList",
        LoadedModule.code(cryptoki.C_GetMechanismList(slot, list.address(0), count.address(0))));
    Set<Long> found = new HashSet<>();
    for (int i = 0; i < Math.min(most, count.ulong(0)); i++) {
      found.add(list.ulong(i * Abi.HERE.ulongBytes));
    }
    count.keepAlive();
    list.keepAlive();
    return found;
  }

  /** A probe that fails because the token went away says nothing about the token. */
  static void rethrowLoss(Pkcs11Exception e) {
    if (e.meaning() == Ckr.Meaning.SESSION_LOST || e.meaning() == Ckr.Meaning.DEVICE_LOST) {
      throw e;
    }
  }
}
