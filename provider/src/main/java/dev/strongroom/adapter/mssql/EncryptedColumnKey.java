// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.adapter.mssql;

import dev.strongroom.kms.KmsException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * A column encryption key under a column master key, in the format of the driver's own key store
 * providers.
 *
 * <pre>
 * offset   length  field
 * 0        1       01: version
 * 1        2       p, length of the key path; little-endian, as the next one
 * 3        2       c, length of the ciphertext
 * 5        p       key path in lower case, UTF-16LE
 * 5 + p    c       RSA-OAEP (SHA-1, MGF1 over SHA-1) of the column encryption key
 * 5+p+c    rest    SHA256withRSA of all bytes before
 * </pre>
 */
final class EncryptedColumnKey {
  private static final byte VERSION = 1;
  private static final int PATH_AT = 5;

  private final byte[] bytes;
  private final int ciphertextAt;
  private final int signatureAt;

  private EncryptedColumnKey(byte[] bytes, int ciphertextAt, int signatureAt) {
    this.bytes = bytes;
    this.ciphertextAt = ciphertextAt;
    this.signatureAt = signatureAt;
  }

  /** Returns one that lacks its signature. */
  static EncryptedColumnKey unsigned(String keyPath, byte[] ciphertext) {
    byte[] path = keyPath.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_16LE);
    int signatureAt = PATH_AT + path.length + ciphertext.length;
    byte[] bytes =
        ByteBuffer.allocate(signatureAt)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(VERSION)
            .putShort((short) path.length)
            .putShort((short) ciphertext.length)
            .put(path)
            .put(ciphertext)
            .array();
    return new EncryptedColumnKey(bytes, PATH_AT + path.length, signatureAt);
  }

  /**
   * Reads one; keeps the array.
   *
   * @throws KmsException.InvalidCiphertext if it is none
   */
  static EncryptedColumnKey parse(byte[] bytes) {
    if (bytes.length <= PATH_AT || bytes[0] != VERSION) {
      throw new KmsException.InvalidCiphertext();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int ciphertextAt = PATH_AT + Short.toUnsignedInt(in.getShort(1));
    int signatureAt = ciphertextAt + Short.toUnsignedInt(in.getShort(3));
    if (signatureAt >= bytes.length) {
      throw new KmsException.InvalidCiphertext();
    }
    return new EncryptedColumnKey(bytes, ciphertextAt, signatureAt);
  }

  byte[] signedBytes() {
    return Arrays.copyOf(bytes, signatureAt);
  }

  byte[] ciphertext() {
    return Arrays.copyOfRange(bytes, ciphertextAt, signatureAt);
  }

  byte[] signature() {
    return Arrays.copyOfRange(bytes, signatureAt, bytes.length);
  }

  byte[] withSignature(byte[] signature) {
    byte[] whole = Arrays.copyOf(bytes, signatureAt + signature.length);
    System.arraycopy(signature, 0, whole, signatureAt, signature.length);
    return whole;
  }
}
