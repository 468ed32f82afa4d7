// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import static dev.strongroom.hsm.pkcs11.Pkcs11Exception.check;

import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.HsmUri;
import dev.strongroom.hsm.SecretSource;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the token that the setting names and logs in to it.
 *
 * <p>A PIN that was refused is never tried again: tokens lock after a few wrong ones. Not
 * thread-safe; {@link TokenLink} calls under its lock.
 */
final class TokenLogin {
  private static final int DEFAULT_SESSIONS = 32;
  private static final int MIN_SESSIONS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Pauses before looking again: other processes that start may hide a token for a moment. */
  private static final long[] PAUSES_MILLIS = {20, 50, 100, 200, 400};

  private final HsmUri.Pkcs11 uri;
  private final LoadedModule module;
  private volatile @Nullable Token token;
  private @Nullable Pkcs11Exception refusal;

  TokenLogin(HsmUri.Pkcs11 uri) {
    Abi.refuse32Bit();
    this.uri = uri;
    this.module = LoadedModule.at(uri.modulePath(), uri.initArgs());
  }

  /** What CK_TOKEN_INFO says, trimmed. */
  record Token(
      long slot,
      String label,
      String manufacturer,
      String model,
      String serial,
      long flags,
      long maxSessions,
      String firmware) {}

  LoadedModule module() {
    return module;
  }

  /** Returns the token of the last login. */
  Token token() {
    Token last = token;
    if (last == null) {
      throw new IllegalStateException("No token was found yet");
    }
    return last;
  }

  /** Returns how messages call the token. */
  String name() {
    return uri.describe();
  }

  /** Connects; looks several times for a token that is not there at once. */
  Connection connectPatiently() {
    for (long pause : PAUSES_MILLIS) {
      if (!candidates().isEmpty()) {
        break;
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    return connect();
  }

  /** Returns whether the token is in its slot. */
  boolean isPresent() {
    return !candidates().isEmpty();
  }

  /** Connects after a loss. */
  Connection reconnect() {
    if (refusal == null && !isPresent()) {
      try {
        module.restart();
      } catch (Pkcs11Exception e) {
        throw unavailable(e);
      }
    }
    return connect();
  }

  /**
   * Connects; tries several times where others have all sessions.
   *
   * @throws HsmException.Unavailable if the token is not there
   * @throws HsmException.LoginFailed if the PIN is or was refused
   */
  Connection connect() {
    for (long pause : PAUSES_MILLIS) {
      try {
        return connectOnce();
      } catch (Pkcs11Exception e) {
        pause(pause);
      }
    }
    try {
      return connectOnce();
    } catch (Pkcs11Exception e) {
      throw unavailable(e);
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HsmException.Unavailable("Interrupted while waiting for the token.", e);
    }
  }

  /**
   * @throws Pkcs11Exception only if others have all sessions of the token: they may come back
   */
  private Connection connectOnce() {
    if (refusal != null) {
      throw refuse(refusal);
    }
    Token found = only(candidates());
    boolean needsLogin = (found.flags() & Ckf.LOGIN_REQUIRED) != 0;
    boolean hasKeypad = (found.flags() & Ckf.PROTECTED_AUTHENTICATION_PATH) != 0;
    byte[] pin = needsLogin && !hasKeypad ? pin() : new byte[0];
    try {
      Connection made =
          new Connection(module, found.slot(), sessions(found), patience(), pin, needsLogin);
      token = found;
      return made;
    } catch (Pkcs11Exception e) {
      if (e.meaning() == Ckr.Meaning.SESSIONS_FULL) {
        throw e;
      }
      if (e.reason() == Ckr.USER_ANOTHER_ALREADY_LOGGED_IN) {
        throw otherUser(e);
      }
      if (e.meaning() != Ckr.Meaning.PIN) {
        throw unavailable(e);
      }
      throw refuse(e);
    }
  }

  private HsmException.LoginFailed otherUser(Pkcs11Exception e) {
    return new HsmException.LoginFailed(
        HsmException.LoginFailed.Reason.OTHER_USER,
        "In this process somebody is logged in to the token "
            + name()
            + " as its security officer. Log that user out; it is tried again at the next call.",
        e);
  }

  private HsmException.LoginFailed refuse(Pkcs11Exception e) {
    refusal = e;
    return new HsmException.LoginFailed(
        reason(e.reason()),
        "The token "
            + name()
            + " refused the PIN: "
            + e.getMessage()
            + ". Correct the PIN where pin-source points to, then start anew; it is not tried"
            + " again, since tokens lock after a few wrong PINs.",
        e);
  }

  private static HsmException.LoginFailed.Reason reason(Ckr code) {
    return switch (code) {
      case PIN_LOCKED -> HsmException.LoginFailed.Reason.LOCKED;
      case USER_PIN_NOT_INITIALIZED -> HsmException.LoginFailed.Reason.NO_USER;
      default -> HsmException.LoginFailed.Reason.PIN;
    };
  }

  HsmException.Unavailable unavailable(Pkcs11Exception e) {
    return new HsmException.Unavailable(
        "The token "
            + name()
            + " does not work: "
            + e.getMessage()
            + ". It is tried again at the next call; the HSM's own log has the cause.",
        e);
  }

  /** Shorter than a call may take: who waits for a session is not to be taken for a hang. */
  private Duration patience() {
    Duration patience = Duration.ofMillis(750L * uri.callTimeout().orElse(Integer.MAX_VALUE));
    return patience.compareTo(PATIENCE) < 0 ? patience : PATIENCE;
  }

  private int sessions(Token found) {
    int wanted = uri.maxSessions().orElse(DEFAULT_SESSIONS);
    long offered = found.maxSessions();
    boolean unlimited = offered == 0 || offered == Abi.HERE.unavailable();
    return (int) Math.max(MIN_SESSIONS, unlimited ? wanted : Math.min(wanted, offered));
  }

  private byte[] pin() {
    SecretSource source =
        uri.pinSource()
            .orElseThrow(
                () ->
                    new HsmException.LoginFailed(
                        "The token "
                            + name()
                            + " wants a PIN. Add pin-source=file:PATH to the setting hsm.",
                        null));
    char[] chars = source.read();
    ByteBuffer encoded = ByteBuffer.allocate(3 * chars.length);
    StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(chars), encoded, true);
    byte[] pin = Arrays.copyOf(encoded.array(), encoded.position());
    Arrays.fill(encoded.array(), (byte) 0);
    Arrays.fill(chars, '\0');
    return pin;
  }

  private Token only(List<Token> candidates) {
    if (candidates.isEmpty()) {
      throw HsmException.Unavailable.noToken(
          "No token "
              + name()
              + " in the slots of "
              + module.path()
              + ". Compare the setting hsm with 'pkcs11-tool --list-token-slots'.");
    }
    if (candidates.size() > 1) {
      throw new HsmException.Unavailable(
          candidates.size()
              + " tokens are called "
              + name()
              + ". Add serial=… to the setting hsm: one of "
              + String.join(", ", candidates.stream().map(Token::serial).toList())
              + ".",
          null);
    }
    return candidates.get(0);
  }

  private List<Token> candidates() {
    try {
      return matching();
    } catch (Pkcs11Exception e) {
      if (e.reason() != Ckr.CRYPTOKI_NOT_INITIALIZED) {
        throw unavailable(e);
      }
    }
    try {
      module.initialize();
      return matching();
    } catch (Pkcs11Exception e) {
      throw unavailable(e);
    }
  }

  private List<Token> matching() {
    Cryptoki cryptoki = module.cryptoki();
    Block block = new Block(4096);
    List<Token> found = new ArrayList<>();
    byte present = 1;
    // Some modules look for new tokens only when they are asked for the count.
    check("C_GetSlotList", LoadedModule.code(cryptoki.C_GetSlotList(present, 0, block.address(0))));
    int most = (block.size() - 8) / Abi.HERE.ulongBytes;
    block.putUlong(0, most);
    check(
        "C_GetSlotList",
        LoadedModule.code(cryptoki.C_GetSlotList(present, block.address(8), block.address(0))));
    for (int i = 0; i < block.ulong(0); i++) {
      Token token = read(block.ulong(8 + i * Abi.HERE.ulongBytes));
      if (token != null && matches(token)) {
        found.add(token);
      }
    }
    block.keepAlive();
    return found;
  }

  private @Nullable Token read(long slot) {
    int[] at = Abi.HERE.layout(Abi.CK_TOKEN_INFO);
    Block info = new Block(at[at.length - 1] + 64);
    long code = LoadedModule.code(module.cryptoki().C_GetTokenInfo(slot, info.address(0)));
    info.keepAlive();
    if (code != 0) {
      return null; // the token of another slot is being removed; not ours to complain about
    }
    return new Token(
        slot,
        info.text(at[0], 32),
        info.text(at[1], 32),
        info.text(at[2], 16),
        info.text(at[3], 16),
        info.ulong(at[4]),
        info.ulong(at[5]),
        info.unsignedByte(at[16]) + "." + info.unsignedByte(at[16] + 1));
  }

  private boolean matches(Token token) {
    return (token.flags() & Ckf.TOKEN_INITIALIZED) != 0
        && uri.token().map(token.label()::equals).orElse(true)
        && uri.manufacturer().map(token.manufacturer()::equals).orElse(true)
        && uri.model().map(token.model()::equals).orElse(true)
        && uri.serial().map(token.serial()::equals).orElse(true)
        && (uri.slotId().isEmpty() || uri.slotId().getAsLong() == token.slot());
  }
}
