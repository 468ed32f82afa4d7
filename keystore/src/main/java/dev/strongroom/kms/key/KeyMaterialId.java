// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The name of one generation of key material: 32 bytes, shown as 64 hexadecimal digits. Not secret.
 *
 * <p>For symmetric keys it is derived from the key material itself, so that a token which opens to
 * other material shows; for the others it is SHA-256 of the public key, or random for HMAC keys,
 * see {@link #ofImported} for those that were made elsewhere.
 */
public final class KeyMaterialId {

  /** Length in bytes. */
  public static final int BYTES = 32;

  /** Length of the part that ciphertext blobs carry. */
  public static final int PREFIX_BYTES = 8;

  private final byte[] bytes;
  private final int hash;

  /**
   * Copies {@code bytes}.
   *
   * @throws IllegalArgumentException unless there are 32
   */
  public KeyMaterialId(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "A key material id has 32 bytes, not " + bytes.length + ".");
    }
    this.bytes = bytes.clone();
    this.hash = Arrays.hashCode(bytes);
  }

  /**
   * Returns the id of an HMAC key that was made elsewhere, by which the same one is known again: a
   * hash and no MAC, because whoever may use the key could be asked for that MAC by others.
   *
   * @param material left intact; at least 28 random bytes, so that its hash does not tell it
   */
  public static KeyMaterialId ofImported(KeyId keyId, byte[] material) {
    MessageDigest digest = Sha256.begin();
    digest.update(Derivation.Label.MATERIAL_ID.text().getBytes(StandardCharsets.US_ASCII));
    digest.update(keyId.toBytes());
    return new KeyMaterialId(digest.digest(material));
  }

  public byte[] toBytes() {
    return bytes.clone();
  }

  /** Returns the first 8 bytes as a number: what ciphertext blobs carry. */
  public long prefix() {
    return ByteBuffer.wrap(bytes).getLong();
  }

  /** Returns 64 hexadecimal digits in lower case. */
  public String text() {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyMaterialId id && MessageDigest.isEqual(bytes, id.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return text();
  }
}
