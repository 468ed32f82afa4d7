// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.field;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Sha256;
import dev.strongroom.kms.crypto.DestroyableAesKey;
import dev.strongroom.kms.crypto.JdkEngines;
import dev.strongroom.kms.key.Derivation;
import dev.strongroom.kms.key.Derivation.Label;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;

/**
 * The layout of an encrypted value.
 *
 * <pre>
 * offset   length  field
 * 0        1       46: a field
 * 1        1       01: version
 * 2        2       n, the length of the next one; big-endian
 * 4        n       the data key, as a ciphertext blob under the message's encryption context
 * 4 + n    12      IV, random
 * 16 + n   m       ciphertext, as long as the plaintext
 * 16+n+m   16      tag
 * </pre>
 *
 * <p>AES-256-GCM under F(data key, {@code field}, SHA-256(all bytes before the IV || C)), with C =
 * length (4) and canonical form of the encryption context. Additional authenticated data: all bytes
 * before the ciphertext, then C, then what the value is bound to.
 *
 * <p>GCM does not commit to its key, so that one ciphertext could open under two. Here the whole
 * encrypted data key is part of the message, and its blob commits to the backing key, therefore to
 * the subkey, therefore to the one data key inside: no two readers of the same bytes open them
 * under different keys. Deriving from blob and context makes messages of a blob that was made for
 * another purpose, or under another context, ones of another key.
 */
final class FieldMessage {
  static final int IV_BYTES = 12;
  static final int TAG_BYTES = 16;
  static final int KEY_BYTES = 32;

  private static final short FIELD_1 = 0x4601;
  private static final int BLOB_AT = 4;

  /** The longest of KMS's blobs around 32 bytes, and room for later versions. */
  private static final int MAX_BLOB_BYTES = 1024;

  private final byte[] bytes;
  private final int ivAt;

  private FieldMessage(byte[] bytes, int ivAt) {
    this.bytes = bytes;
    this.ivAt = ivAt;
  }

  /** Returns the bytes before the IV, the same for all messages of a data key. */
  static byte[] header(byte[] blob) {
    if (blob.length > MAX_BLOB_BYTES) {
      throw new IllegalStateException("An encrypted data key has " + blob.length + " bytes");
    }
    return ByteBuffer.allocate(BLOB_AT + blob.length)
        .putShort(FIELD_1)
        .putShort((short) blob.length)
        .put(blob)
        .array();
  }

  /**
   * Reads a message, which is kept and not copied.
   *
   * @throws KmsException.InvalidCiphertext if it is none
   */
  static FieldMessage parse(byte[] bytes) {
    if (bytes.length < BLOB_AT) {
      throw new KmsException.InvalidCiphertext();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    short kind = in.getShort();
    int blobLength = in.getShort();
    int ivAt = BLOB_AT + blobLength;
    if (kind != FIELD_1
        || blobLength < 1
        || blobLength > MAX_BLOB_BYTES
        || bytes.length < ivAt + IV_BYTES + TAG_BYTES) {
      throw new KmsException.InvalidCiphertext();
    }
    return new FieldMessage(bytes, ivAt);
  }

  /** Returns what is authenticated between the IV and what a value is bound to. */
  static byte[] contextAad(EncryptionContext context) {
    byte[] aad = new byte[4 + context.aadLength()];
    ByteBuffer.wrap(aad).putInt(context.aadLength());
    context.copyAadTo(aad, 4);
    return aad;
  }

  /**
   * Returns the key of the messages with this header and context.
   *
   * @param dataKey left intact
   */
  static byte[] key(byte[] dataKey, byte[] header, byte[] contextAad) {
    DestroyableAesKey copy = new DestroyableAesKey(dataKey.clone());
    try {
      Mac mac = JdkEngines.hmacSha256();
      mac.init(copy);
      MessageDigest hash = Sha256.begin();
      hash.update(header);
      return Derivation.derive(mac::doFinal, Label.FIELD, hash.digest(contextAad));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("Every JDK has HmacSHA256 in its provider SunJCE", e);
    } finally {
      copy.destroy();
    }
  }

  byte[] bytes() {
    return bytes;
  }

  /** Returns a copy of what comes before the IV. */
  byte[] header() {
    return Arrays.copyOf(bytes, ivAt);
  }

  /** Returns a copy of the encrypted data key. */
  byte[] blob() {
    return Arrays.copyOfRange(bytes, BLOB_AT, ivAt);
  }

  int ivAt() {
    return ivAt;
  }
}
