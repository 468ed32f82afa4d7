// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import java.time.Instant;
import java.util.Arrays;
import javax.security.auth.Destroyable;

/** A new access key with its secret, which the KMS does not keep: it is shown this once. */
public final class NewAccessKey implements Destroyable {
  private final String accessKeyId;
  private final String userName;
  private final char[] secret;
  private final Instant createDate;
  private boolean destroyed;

  /** Takes ownership of {@code secret}. */
  public NewAccessKey(String accessKeyId, String userName, char[] secret, Instant createDate) {
    this.accessKeyId = accessKeyId;
    this.userName = userName;
    this.secret = secret;
    this.createDate = createDate;
  }

  public String accessKeyId() {
    return accessKeyId;
  }

  /** Returns the user it belongs to; empty for the account root. */
  public String userName() {
    return userName;
  }

  public Instant createDate() {
    return createDate;
  }

  /** Returns the secret itself, which belongs to the receiver. */
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
}
