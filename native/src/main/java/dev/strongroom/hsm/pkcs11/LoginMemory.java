// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import dev.strongroom.hsm.HsmException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Which PIN the tokens of a module were logged in to with, and which they refused.
 *
 * <p>A login holds for the whole process (PKCS#11 v2.40 §5.6), and a token that is logged in looks
 * at no further PIN: without this anybody in the process could open it with a wrong one. And tokens
 * lock after a few wrong PINs, while applications try again what failed: a PIN that was refused is
 * shown to its token once in the life of the process. Kept is an HMAC of each PIN under a key of
 * this process; that of a PIN that was right only while one of our connections lives. Thread-safe.
 */
final class LoginMemory {
  private static final String HMAC = "HmacSHA256";

  /** What says that this PIN is wrong, and not that the token takes none now. */
  private static final Set<Ckr> WRONG =
      Set.of(Ckr.PIN_INCORRECT, Ckr.PIN_INVALID, Ckr.PIN_LEN_RANGE);

  private final byte[] key = new byte[32];
  private final Map<Long, Login> logins = new HashMap<>();
  private final Map<ByteBuffer, Ckr> refused = new HashMap<>();

  LoginMemory() {
    new SecureRandom().nextBytes(key);
  }

  /** The PIN of the connections with one slot; empty where only other code logged in. */
  private static final class Login {
    private byte[] mark = {};
    private int connections;
  }

  /**
   * Logs {@code session} in, and counts it as a connection with the slot.
   *
   * @param pin left intact; empty where the token asks for it itself
   * @throws Pkcs11Exception if the token refuses or refused the PIN, or is in use here under
   *     another PIN
   */
  synchronized void login(long slot, Session session, byte[] pin) {
    byte[] mark = pin.length > 0 ? mark(slot, pin) : new byte[0];
    boolean checked = tryOnce(session, pin, ByteBuffer.wrap(mark));
    Login login = logins.getOrDefault(slot, new Login());
    if (mark.length > 0) {
      if (checked) {
        login.mark = mark;
      } else if (login.mark.length > 0 && !MessageDigest.isEqual(login.mark, mark)) {
        throw new Pkcs11Exception(
            "C_Login beside a login of this process with another PIN", Ckr.PIN_INCORRECT.code);
      }
    }
    login.connections++;
    logins.put(slot, login);
  }

  private boolean tryOnce(Session session, byte[] pin, ByteBuffer mark) {
    Ckr before = refused.get(mark);
    if (before != null) {
      throw new Pkcs11Exception("C_Login with this PIN, before,", before.code);
    }
    try {
      return session.login(pin);
    } catch (Pkcs11Exception e) {
      if (mark.hasRemaining() && WRONG.contains(e.reason())) {
        refused.put(mark, e.reason());
      }
      throw e;
    }
  }

  /** Counts out a connection that {@link #login} counted; the last one takes the mark along. */
  synchronized void ended(long slot) {
    Login login = logins.get(slot);
    if (login != null && --login.connections <= 0) {
      logins.remove(slot);
    }
  }

  private byte[] mark(long slot, byte[] pin) {
    try {
      Mac mac = Mac.getInstance(HMAC, "SunJCE");
      mac.init(new SecretKeySpec(key, HMAC));
      mac.update(Long.toString(slot).getBytes(StandardCharsets.US_ASCII));
      mac.update((byte) 0);
      return mac.doFinal(pin);
    } catch (GeneralSecurityException e) {
      throw new HsmException.Unavailable("This Java runtime has no " + HMAC + ".", e);
    }
  }
}
