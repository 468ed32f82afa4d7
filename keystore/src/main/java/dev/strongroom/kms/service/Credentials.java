// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import java.util.Arrays;
import javax.security.auth.Destroyable;

/** An access key with its secret, on the way to {@link Kms#authenticate}. */
public final class Credentials implements Destroyable, AutoCloseable {
  private final String accessKeyId;
  private final char[] secret;
  private boolean destroyed;

  /** Takes ownership of {@code secret}. */
  public Credentials(String accessKeyId, char[] secret) {
    this.accessKeyId = accessKeyId;
    this.secret = secret;
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
