// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.DestroyableAesKey;
import dev.strongroom.kms.crypto.envelope.frame.FrameCipher;
import dev.strongroom.kms.crypto.envelope.keyring.MessageKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * What the data key of one message becomes: the key of its frames, and the commitment that stands
 * in its header, so that no other data key opens the same message.
 *
 * <p>Both are HKDF-SHA512 of the data key with the message id as salt: {@code suite u16 |
 * "DERIVEKEY"} and {@code "COMMITKEY"} as info, 32 bytes each. Source: AWS Encryption SDK
 * Specification, framework/algorithm-suites.
 */
final class MessageKey implements AutoCloseable {

  /** Length of the commitment. */
  static final int COMMITMENT_BYTES = 32;

  private static final int KEY_BYTES = 32;
  private static final byte[] DERIVE_KEY = "DERIVEKEY".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] COMMIT_KEY = "COMMITKEY".getBytes(StandardCharsets.US_ASCII);

  private final byte[] messageId;
  private final DestroyableAesKey frameKey;
  private final byte[] commitment;

  private MessageKey(byte[] messageId, DestroyableAesKey frameKey, byte[] commitment) {
    this.messageId = messageId;
    this.frameKey = frameKey;
    this.commitment = commitment;
  }

  /**
   * @param messageId 32 bytes; kept
   * @param dataKey 32 bytes; left intact
   */
  static MessageKey derive(EnvelopeSuite suite, byte[] messageId, byte[] dataKey) {
    byte[] info =
        ByteBuffer.allocate(Short.BYTES + DERIVE_KEY.length)
            .putShort((short) suite.id())
            .put(DERIVE_KEY)
            .array();
    try (HkdfSha512 hkdf = new HkdfSha512(messageId, dataKey)) {
      byte[] commitment = hkdf.expand(COMMIT_KEY, COMMITMENT_BYTES);
      return new MessageKey(
          messageId, new DestroyableAesKey(hkdf.expand(info, KEY_BYTES)), commitment);
    }
  }

  /**
   * Opens a header: finds the data key, checks the commitment, then the tag.
   *
   * @throws KmsException.InvalidCiphertext if either is wrong
   */
  static MessageKey unlock(MessageHeader header, MessageKeys.Opener opener) {
    byte[] dataKey = opener.open(header.encryptedDataKeys(), header.context());
    try {
      if (dataKey.length != MessageKeys.DATA_KEY_BYTES) {
        throw new KmsException.InvalidCiphertext();
      }
      MessageKey key = derive(header.suite(), header.messageId(), dataKey);
      key.verify(header);
      return key;
    } finally {
      Arrays.fill(dataKey, (byte) 0);
    }
  }

  // The commitment comes first: before it is known to be right, nothing runs under the key.
  private void verify(MessageHeader header) {
    boolean authentic = false;
    try {
      if (!MessageDigest.isEqual(commitment, header.commitment())) {
        throw new KmsException.InvalidCiphertext();
      }
      frameCipher().openHeader(header.bytes());
      authentic = true;
    } finally {
      if (!authentic) {
        close();
      }
    }
  }

  /** Returns a cipher of its own for one thread. */
  FrameCipher frameCipher() {
    return FrameCipher.over(frameKey, messageId);
  }

  /** Returns the live array. */
  byte[] messageId() {
    return messageId;
  }

  /** Returns the live array; not secret once the message is written. */
  byte[] commitment() {
    return commitment;
  }

  /** Ends the key: all of its ciphers fail from then on. */
  @Override
  public void close() {
    frameKey.destroy();
  }
}
