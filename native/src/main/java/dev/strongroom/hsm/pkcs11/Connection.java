// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm.pkcs11;

import java.time.Duration;
import java.util.Arrays;

/**
 * One login to a token, with its sessions. When it is lost, {@link TokenLink} makes another.
 *
 * <p>An anchor session is kept open, because closing the last session of a process logs it out.
 * Keys that live on are opened in sessions of their own (<i>keepers</i>), which stay open as long
 * as the connection: a session's objects end with it. Thread-safe.
 */
final class Connection {
  /** CKS_RW_USER_FUNCTIONS. */
  private static final long LOGGED_IN = 3;

  private final LoginMemory logins;
  private final long slot;
  private final Session anchor;
  private final SessionPool workers;
  private final SessionPool keepers;
  private final boolean needsLogin;
  private boolean closed;

  /**
   * Opens the anchor session and logs in.
   *
   * @param maxSessions of both pools and the anchor, at least 4
   * @param patience how long a caller waits for a session
   * @param pin in UTF-8; zeroed here; empty where the token asks for it itself
   */
  Connection(
      LoadedModule module,
      long slot,
      int maxSessions,
      Duration patience,
      byte[] pin,
      boolean needsLogin) {
    Cryptoki cryptoki = module.cryptoki();
    this.logins = module.logins();
    this.slot = slot;
    this.needsLogin = needsLogin;
    try {
      anchor = new Session(cryptoki, this, slot);
      if (needsLogin) {
        login(pin);
      }
    } finally {
      Arrays.fill(pin, (byte) 0);
    }
    int keeping = Math.max(1, maxSessions / 4);
    workers =
        new SessionPool(
            maxSessions - keeping - 1, patience, () -> new Session(cryptoki, this, slot));
    keepers = new SessionPool(keeping, patience, () -> new Session(cryptoki, this, slot));
  }

  private void login(byte[] pin) {
    try {
      logins.login(slot, anchor, pin);
    } catch (Pkcs11Exception e) {
      anchor.close();
      throw e;
    }
  }

  /** Returns the sessions for work that leaves nothing behind. */
  SessionPool workers() {
    return workers;
  }

  /** Returns the sessions whose objects live on. */
  SessionPool keepers() {
    return keepers;
  }

  /** Returns whether the token still knows the anchor session and its login. */
  synchronized boolean isAlive() {
    try {
      return anchor.state() == LOGGED_IN;
    } catch (Pkcs11Exception e) {
      return false;
    }
  }

  /** Ends all sessions; those in use end when they are given back. */
  synchronized void close() {
    workers.close();
    keepers.close();
    anchor.close();
    if (needsLogin && !closed) {
      logins.ended(slot);
    }
    closed = true;
  }
}
