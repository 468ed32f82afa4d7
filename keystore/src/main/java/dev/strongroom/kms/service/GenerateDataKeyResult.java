// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyArn;
import java.util.Arrays;
import javax.security.auth.Destroyable;

/** What GenerateDataKey returns. Holds a data key: {@link #destroy()} it when done. */
public final class GenerateDataKeyResult implements Destroyable {
  private final KeyArn key;
  private final String keyMaterialId;
  private final byte[] plaintext;
  private final byte[] ciphertext;
  private boolean destroyed;

  /** Takes ownership of both arrays. */
  public GenerateDataKeyResult(
      KeyArn key, String keyMaterialId, byte[] plaintext, byte[] ciphertext) {
    this.key = key;
    this.keyMaterialId = keyMaterialId;
    this.plaintext = plaintext;
    this.ciphertext = ciphertext;
  }

  /** Returns the key under which the data key is encrypted. */
  public KeyArn key() {
    return key;
  }

  /** Returns the generation of key material that encrypted: 64 hexadecimal digits. */
  public String keyMaterialId() {
    return keyMaterialId;
  }

  /** Returns the data key itself, which belongs to the receiver of this result. */
  public byte[] plaintext() {
    if (destroyed) {
      throw new IllegalStateException("The data key was destroyed");
    }
    return plaintext;
  }

  /** Returns the data key's encrypted copy; Decrypt with the same context opens it. */
  public byte[] ciphertextBlob() {
    return ciphertext;
  }

  @Override
  public void destroy() {
    Arrays.fill(plaintext, (byte) 0);
    destroyed = true;
  }

  @Override
  public boolean isDestroyed() {
    return destroyed;
  }
}
