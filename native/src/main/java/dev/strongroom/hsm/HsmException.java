// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm;

import org.jspecify.annotations.Nullable;

/** An HSM did not do what it was asked. Each case is a class, so that callers choose by type. */
public abstract sealed class HsmException extends RuntimeException {
  private static final long serialVersionUID = 1;

  HsmException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The device or its library cannot be reached or failed; a later try may succeed. */
  public static final class Unavailable extends HsmException {
    private static final long serialVersionUID = 1;

    private final boolean absent;

    public Unavailable(String message, @Nullable Throwable cause) {
      this(message, cause, false);
    }

    private Unavailable(String message, @Nullable Throwable cause, boolean absent) {
      super(message, cause);
      this.absent = absent;
    }

    /** Returns the failure of a token that is in no slot of its module. */
    public static Unavailable noToken(String message) {
      return new Unavailable(message, null, true);
    }

    /** Returns whether the module works and has no such token. */
    public boolean isTokenAbsent() {
      return absent;
    }
  }

  /** The PIN or passphrase was refused. Never retried: tokens lock after a few tries. */
  public static final class LoginFailed extends HsmException {
    private static final long serialVersionUID = 1;

    /** Why there was no login. */
    public enum Reason {
      /** The PIN is wrong, or there is none to be had where it should come from. */
      PIN,
      /** The token takes no PIN any more: too many wrong ones were tried. */
      LOCKED,
      /** Nobody has set a PIN for the user yet. */
      NO_USER,
      /** Somebody else is logged in, as the security officer. */
      OTHER_USER
    }

    private final Reason reason;

    /** For a PIN that is wrong or missing. */
    public LoginFailed(String message, @Nullable Throwable cause) {
      this(Reason.PIN, message, cause);
    }

    public LoginFailed(Reason reason, String message, @Nullable Throwable cause) {
      super(message, cause);
      this.reason = reason;
    }

    public Reason reason() {
      return reason;
    }
  }

  /** The HSM has no room for another object. */
  public static final class Full extends HsmException {
    private static final long serialVersionUID = 1;

    public Full(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The HSM is missing something that is needed; the message lists what. */
  public static final class Unsupported extends HsmException {
    private static final long serialVersionUID = 1;

    public Unsupported(String message) {
      super(message, null);
    }
  }

  /** The HSM or an object in it has attributes that make it unsafe to use. */
  public static final class Untrustworthy extends HsmException {
    private static final long serialVersionUID = 1;

    public Untrustworthy(String message) {
      super(message, null);
    }
  }

  /** There is a domain key of that name, and it is not the one that is meant. */
  public static final class OtherKey extends HsmException {
    private static final long serialVersionUID = 1;

    private OtherKey(String message) {
      super(message, null);
    }

    public static OtherKey of(DomainKeyId id) {
      return new OtherKey(
          "The domain key "
              + id
              + " in the HSM is another one than that of this name: its check value differs.");
    }
  }

  /** An object of that name is there already. */
  public static final class AlreadyExists extends HsmException {
    private static final long serialVersionUID = 1;

    public AlreadyExists(String message) {
      super(message, null);
    }
  }

  /** The input was altered, or belongs to another key. The device itself is fine. */
  public static final class Tampered extends HsmException {
    private static final long serialVersionUID = 1;

    public Tampered(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The object that was opened is no longer in the HSM; open it again. */
  public static final class Gone extends HsmException {
    private static final long serialVersionUID = 1;

    public Gone(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
