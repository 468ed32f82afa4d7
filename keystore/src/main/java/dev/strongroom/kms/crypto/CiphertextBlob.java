// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KmsException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The layout of what Encrypt returns under a symmetric key, version 1: 117 bytes over the
 * plaintext.
 *
 * <table>
 * <caption>Layout, integers big-endian</caption>
 * <tr><th>offset</th><th>length</th><th>field</th></tr>
 * <tr><td>0</td><td>1</td><td>version of the format, 01</td></tr>
 * <tr><td>1</td><td>16</td><td>key id</td></tr>
 * <tr><td>17</td><td>8</td><td>the first bytes of the key material id</td></tr>
 * <tr><td>25</td><td>32</td><td>N, the nonce of the epoch that the subkey is derived with</td></tr>
 * <tr><td>57</td><td>32</td><td>commitment to the key</td></tr>
 * <tr><td>89</td><td>12</td><td>IV</td></tr>
 * <tr><td>101</td><td>n</td><td>ciphertext, as long as the plaintext</td></tr>
 * <tr><td>101 + n</td><td>16</td><td>tag</td></tr>
 * </table>
 *
 * <p>AES-256-GCM (SP 800-38D) under {@code F(backing key, strongroom/1/blob/aes-256-gcm, key id ||
 * material || N)}; the additional authenticated data are bytes 0 to 100 and then the canonical form
 * of the encryption context. The commitment is {@code F(backing key, strongroom/1/blob/commit, key
 * id || material || N)}.
 */
public final class CiphertextBlob {
  static final int VERSION = 1;
  static final int NONCE_BYTES = 32;
  static final int COMMITMENT_BYTES = 32;
  static final int IV_BYTES = 12;
  static final int TAG_BYTES = 16;

  static final int KEY_ID_AT = 1;
  static final int MATERIAL_AT = KEY_ID_AT + KeyId.BYTES;
  static final int NONCE_AT = MATERIAL_AT + Long.BYTES;
  static final int COMMITMENT_AT = NONCE_AT + NONCE_BYTES;
  static final int IV_AT = COMMITMENT_AT + COMMITMENT_BYTES;
  static final int CIPHERTEXT_AT = IV_AT + IV_BYTES;

  /** What a blob is longer than its plaintext. */
  public static final int OVERHEAD = CIPHERTEXT_AT + TAG_BYTES;

  /** The most that a blob may be long (AWS's limit too). */
  public static final int MAX_BYTES = 6144;

  private final byte[] bytes;

  private CiphertextBlob(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads the header; says nothing about whether the blob is genuine.
   *
   * @param bytes kept, not copied, and not changed
   * @throws KmsException.InvalidCiphertext if it has no such layout
   */
  public static CiphertextBlob parse(byte[] bytes) {
    if (bytes.length < OVERHEAD || bytes.length > MAX_BYTES || bytes[0] != VERSION) {
      throw new KmsException.InvalidCiphertext();
    }
    return new CiphertextBlob(bytes);
  }

  /** Wraps the beginning of a blob that is being made. */
  static CiphertextBlob parseHeader(byte[] header) {
    return new CiphertextBlob(header);
  }

  /** Returns the key that the blob names: not authenticated before the blob is opened. */
  public KeyId keyId() {
    return KeyId.fromBytes(bytes, KEY_ID_AT);
  }

  /** Returns the first 8 bytes of the key material id that the blob names. */
  public long materialPrefix() {
    return ByteBuffer.wrap(bytes).getLong(MATERIAL_AT);
  }

  byte[] bytes() {
    return bytes;
  }

  /** Returns {@code key id || material || N}: the context of the derivations. */
  byte[] derivationContext() {
    return Arrays.copyOfRange(bytes, KEY_ID_AT, COMMITMENT_AT);
  }
}
