// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.iam;

import java.util.Arrays;

/** A new access key on the way to its owner: the only time that its secret is seen. */
public final class IssuedAccessKey implements AutoCloseable {
  private final String accessKeyId;
  private final char[] secret;

  /** Takes ownership of {@code secret}. */
  IssuedAccessKey(String accessKeyId, char[] secret) {
    this.accessKeyId = accessKeyId;
    this.secret = secret;
  }

  public String accessKeyId() {
    return accessKeyId;
  }

  /** Returns the secret itself: it is zeroed with this object. */
  public char[] secret() {
    return secret;
  }

  @Override
  public void close() {
    Arrays.fill(secret, '\0');
  }

  @Override
  public String toString() {
    return "IssuedAccessKey[" + accessKeyId + "]";
  }
}
