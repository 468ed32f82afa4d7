// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import java.time.Instant;
import java.util.Arrays;
import javax.security.auth.Destroyable;

/** A new access key with its secret, which exists nowhere else. Not thread-safe. */
public final class IssuedAccessKey implements Destroyable, AutoCloseable {
  private final String accessKeyId;
  private final String userName;
  private final char[] secret;
  private final Instant creationDate;
  private boolean destroyed;

  /** Takes ownership of {@code secret}. */
  IssuedAccessKey(String accessKeyId, String userName, char[] secret, Instant creationDate) {
    this.accessKeyId = accessKeyId;
    this.userName = userName;
    this.secret = secret;
    this.creationDate = creationDate;
  }

  public String accessKeyId() {
    return accessKeyId;
  }

  /** Returns the user it belongs to; empty for the account root. */
  public String userName() {
    return userName;
  }

  public Instant creationDate() {
    return creationDate;
  }

  /**
   * Returns a copy of the secret, 43 characters, which the receiver zeroes.
   *
   * @throws IllegalStateException after {@link #destroy()}
   */
  public char[] secret() {
    if (destroyed) {
      throw new IllegalStateException("The secret was destroyed");
    }
    return secret.clone();
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
    return "IssuedAccessKey[" + accessKeyId + "]";
  }
}
