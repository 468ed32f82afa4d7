// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import java.nio.file.Path;
import java.util.Arrays;
import javax.security.auth.Destroyable;

/**
 * An access key with its secret, and the session token where it is that of a session, on the way to
 * {@link Kms#authenticate(Credentials)}.
 */
public final class Credentials implements Destroyable, AutoCloseable {
  private final String accessKeyId;
  private final char[] secret;
  private final String sessionToken;
  private boolean destroyed;

  /** Takes ownership of {@code secret}. */
  public Credentials(String accessKeyId, char[] secret) {
    this(accessKeyId, secret, "");
  }

  /**
   * Takes ownership of {@code secret}.
   *
   * @param sessionToken empty where the access key is not that of a session
   */
  public Credentials(String accessKeyId, char[] secret, String sessionToken) {
    this.accessKeyId = accessKeyId;
    this.secret = secret;
    this.sessionToken = sessionToken;
  }

  /**
   * Reads an access key from a file in the AWS CLI's format, section {@code [default]}. The caller
   * closes it.
   *
   * @throws dev.strongroom.kms.KmsException.Configuration if it can't be read, has no access key or
   *     is open to other users
   */
  public static Credentials read(Path file) {
    return CredentialSources.fromFile(file);
  }

  public String accessKeyId() {
    return accessKeyId;
  }

  /** Returns the secret itself: it is zeroed with this object. */
  public char[] secret() {
    if (destroyed) {
      throw new IllegalStateException("The secret was destroyed");
    }
    return secret;
  }

  /** Returns what goes with the secret of a session, and is of no use without it; else empty. */
  public String sessionToken() {
    return sessionToken;
  }

  @Override
  public void destroy() {
    Arrays.fill(secret, '\0');
    destroyed = true;
  }

  @Override
  public boolean isDestroyed() {
    return destroyed;
  }

  @Override
  public void close() {
    destroy();
  }

  @Override
  public String toString() {
    return "Credentials[" + accessKeyId + "]";
  }
}
