// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.EncryptionAlgorithm;
import dev.strongroom.kms.KeyArn;
import java.util.Arrays;
import javax.security.auth.Destroyable;

/** What Decrypt returns. Holds plaintext: {@link #destroy()} it when done. */
public final class DecryptResult implements Destroyable {
  private final KeyArn key;
  private final EncryptionAlgorithm algorithm;
  private final String keyMaterialId;
  private final byte[] plaintext;
  private boolean destroyed;

  /** Takes ownership of {@code plaintext}. */
  public DecryptResult(
      KeyArn key, EncryptionAlgorithm algorithm, String keyMaterialId, byte[] plaintext) {
    this.key = key;
    this.algorithm = algorithm;
    this.keyMaterialId = keyMaterialId;
    this.plaintext = plaintext;
  }

  /** Returns the key that decrypted: callers that named none compare it with what they expect. */
  public KeyArn key() {
    return key;
  }

  public EncryptionAlgorithm algorithm() {
    return algorithm;
  }

  /** Returns the generation of key material that decrypted: 64 hexadecimal digits. */
  public String keyMaterialId() {
    return keyMaterialId;
  }

  /** Returns the plaintext itself, which belongs to the receiver of this result. */
  public byte[] plaintext() {
    if (destroyed) {
      throw new IllegalStateException("The plaintext was destroyed");
    }
    return plaintext;
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
