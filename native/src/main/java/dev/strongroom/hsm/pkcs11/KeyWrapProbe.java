// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.BackingKeySpec;
import dev.strongroom.hsm.WrapPolicy;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Finds the mechanism that is RFC 5649, and what the module lets out through it.
 *
 * <p>0x210A is RFC 5649 on SoftHSM and RFC 3394 over PKCS#7 padding on NSS: only trying tells.
 */
final class KeyWrapProbe {
  private static final int SECRET_BYTES = 32;
  private static final int WRAPPED_BYTES = 40;

  private final Session session;

  KeyWrapProbe(Session session) {
    this.session = session;
  }

  /** Returns the mechanism, or null if there is none among {@code mechanisms}. */
  @Nullable Long mechanism(Set<Long> mechanisms) {
    for (long candidate : new long[] {Ckm.AES_KEY_WRAP_KWP, Ckm.AES_KEY_WRAP_PAD}) {
      if (mechanisms.contains(candidate) && isKeyWrapWithPadding(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  private boolean isKeyWrapWithPadding(long candidate) {
    try {
      Boolean known = equalsTheJdk(candidate);
      return known != null ? known : hasLengthAndRefusesAlterations(candidate);
    } catch (Pkcs11Exception e) {
      TokenProbe.rethrowLoss(e);
      return false;
    }
  }

  /** Compares with the JDK under known keys; null where the token takes no keys in clear. */
  private @Nullable Boolean equalsTheJdk(long candidate) {
    byte[] wrapping = session.random(SECRET_BYTES);
    byte[] secret = session.random(SECRET_BYTES);
    Template wrappingKey =
        Template.of(Cko.SECRET_KEY, Ckk.AES)
            .yes(Cka.WRAP, Cka.UNWRAP)
            .no(Cka.TOKEN, Cka.ENCRYPT, Cka.DECRYPT)
            .bytes(Cka.VALUE, wrapping.clone());
    Template secretKey =
        Template.of(Cko.SECRET_KEY, Ckk.GENERIC_SECRET)
            .yes(Cka.EXTRACTABLE, Cka.SIGN)
            .no(Cka.TOKEN)
            .bytes(Cka.VALUE, secret.clone());
    long first;
    long second;
    try {
      first = session.createObject(wrappingKey);
      second = session.createObject(secretKey);
    } catch (Pkcs11Exception e) {
      TokenProbe.rethrowLoss(e);
      return null;
    }
    try {
      byte[] wrapped = session.wrap(candidate, first, second);
      return MessageDigest.isEqual(wrapped, jdkWrap(wrapping, secret));
    } finally {
      session.destroyObject(first);
      session.destroyObject(second);
    }
  }

  private static byte[] jdkWrap(byte[] wrapping, byte[] secret) {
    try {
      Cipher cipher = Cipher.getInstance("AES/KWP/NoPadding", "SunJCE");
      cipher.init(Cipher.WRAP_MODE, new SecretKeySpec(wrapping, "AES"));
      return cipher.wrap(new SecretKeySpec(secret, "Generic"));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("SunJCE has AES/KWP/NoPadding", e);
    }
  }

  private boolean hasLengthAndRefusesAlterations(long candidate) {
    long wrapping = session.generateKey(Mechanism.of(Ckm.AES_KEY_GEN), wrappingKey());
    try {
      byte[] body =
          BackingKeyMaker.make(session, BackingKeySpec.SECRET_256, candidate, wrapping).body();
      if (body.length != WRAPPED_BYTES) {
        return false;
      }
      session.destroyObject(unwrap(candidate, wrapping, body));
      byte[] altered = body.clone();
      altered[WRAPPED_BYTES / 2] ^= 1;
      return isRefused(candidate, wrapping, altered);
    } finally {
      session.destroyObject(wrapping);
    }
  }

  private boolean isRefused(long candidate, long wrapping, byte[] altered) {
    try {
      session.destroyObject(unwrap(candidate, wrapping, altered));
      return false;
    } catch (Pkcs11Exception e) {
      TokenProbe.rethrowLoss(e);
      return true;
    }
  }

  private long unwrap(long candidate, long wrapping, byte[] body) {
    return session.unwrap(
        candidate, wrapping, body, KeyTemplates.unwrapped(BackingKeySpec.SECRET_256, false));
  }

  /** Returns whether a key that must not leave the token can be wrapped out all the same. */
  boolean wrapsUnextractable(long keyWrap) {
    long wrapping = session.generateKey(Mechanism.of(Ckm.AES_KEY_GEN), wrappingKey());
    try {
      Template staying = KeyTemplates.derivingKey().no(Cka.TOKEN);
      long key = session.generateKey(Mechanism.of(Ckm.GENERIC_SECRET_KEY_GEN), staying);
      try {
        Arrays.fill(session.wrap(keyWrap, wrapping, key), (byte) 0);
        return true;
      } catch (Pkcs11Exception e) {
        TokenProbe.rethrowLoss(e);
        return false;
      } finally {
        session.destroyObject(key);
      }
    } finally {
      session.destroyObject(wrapping);
    }
  }

  private static Template wrappingKey() {
    return KeyTemplates.wrappingKey(WrapPolicy.OPEN).no(Cka.TOKEN);
  }
}
