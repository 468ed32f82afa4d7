// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.crypto.envelope.frame.FrameCipher;
import dev.strongroom.kms.crypto.envelope.keyring.EncryptedDataKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The header of a message: everything that a reader needs but the data key. Immutable.
 *
 * <table>
 * <caption>Layout of version 2, integers big-endian</caption>
 * <tr><th>length</th><th>field</th></tr>
 * <tr><td>1</td><td>version, 02</td></tr>
 * <tr><td>2</td><td>algorithm suite, 0478 or 0578</td></tr>
 * <tr><td>32</td><td>message id, random</td></tr>
 * <tr><td>2 + n</td><td>length and canonical form of the encryption context; none is length 0</td></tr>
 * <tr><td>2</td><td>number of encrypted data keys; each is three fields</td></tr>
 * <tr><td>2 + n</td><td>… provider id, UTF-8</td></tr>
 * <tr><td>2 + n</td><td>… provider info</td></tr>
 * <tr><td>2 + n</td><td>… ciphertext</td></tr>
 * <tr><td>1</td><td>content type: 02 framed, 01 in one piece</td></tr>
 * <tr><td>4</td><td>frame length in bytes; 0 for one piece</td></tr>
 * <tr><td>32</td><td>commitment to the data key</td></tr>
 * <tr><td>16</td><td>AES-GCM tag over all of the above: IV zero, nothing encrypted</td></tr>
 * </table>
 *
 * <p>Source: AWS Encryption SDK Specification, data-format/message-header.
 */
public final class MessageHeader {
  static final int VERSION = 2;
  static final int MESSAGE_ID_BYTES = 32;
  static final int ONE_PIECE = 1;
  static final int FRAMED = 2;

  /** What stands before the context, and behind the encrypted data keys. */
  static final int FIXED_START_BYTES = 1 + 2 + MESSAGE_ID_BYTES;

  static final int FIXED_END_BYTES = 1 + 4 + MessageKey.COMMITMENT_BYTES + FrameCipher.TAG_BYTES;

  private final EnvelopeSuite suite;
  private final EncryptionContext context;
  private final List<EncryptedDataKey> encryptedDataKeys;
  private final byte[] bytes;

  /** Takes ownership of {@code bytes}, the whole header with its tag. */
  MessageHeader(
      EnvelopeSuite suite,
      EncryptionContext context,
      List<EncryptedDataKey> encryptedDataKeys,
      byte[] bytes) {
    this.suite = suite;
    this.context = context;
    this.encryptedDataKeys = encryptedDataKeys;
    this.bytes = bytes;
  }

  /**
   * Makes and seals the header of a new, framed message.
   *
   * @param context the caller's, and the public key where the message is signed
   */
  static MessageHeader seal(
      EnvelopeOptions options,
      EncryptionContext context,
      List<EncryptedDataKey> copies,
      MessageKey key) {
    ByteBuffer out = ByteBuffer.allocate(length(context, copies));
    out.put((byte) VERSION).putShort((short) options.suite().id()).put(key.messageId());
    putField(out, context.toAad());
    out.putShort((short) copies.size());
    for (EncryptedDataKey copy : copies) {
      putField(out, copy.providerId().getBytes(StandardCharsets.UTF_8));
      putField(out, copy.providerInfo());
      putField(out, copy.ciphertext());
    }
    out.put((byte) FRAMED).putInt(options.frameLength()).put(key.commitment());
    key.frameCipher().sealHeader(out.array());
    return new MessageHeader(options.suite(), context, copies, out.array());
  }

  private static int length(EncryptionContext context, List<EncryptedDataKey> copies) {
    int length = FIXED_START_BYTES + 2 + context.aadLength() + 2 + FIXED_END_BYTES;
    for (EncryptedDataKey copy : copies) {
      length += 3 * 2 + copy.providerId().getBytes(StandardCharsets.UTF_8).length;
      length += copy.providerInfo().length + copy.ciphertext().length;
    }
    return length;
  }

  private static void putField(ByteBuffer out, byte[] field) {
    out.putShort((short) field.length).put(field);
  }

  public EnvelopeSuite suite() {
    return suite;
  }

  /** Returns the whole context; {@link MessageContext#withoutReserved} is the caller's part. */
  public EncryptionContext context() {
    return context;
  }

  public List<EncryptedDataKey> encryptedDataKeys() {
    return encryptedDataKeys;
  }

  /** Returns the plaintext bytes in each frame but the last, or 0 if the body is in one piece. */
  public int frameLength() {
    return ByteBuffer.wrap(bytes).getInt(bytes.length - FIXED_END_BYTES + 1);
  }

  boolean isFramed() {
    return frameLength() > 0;
  }

  /** Returns the live array of the whole header. */
  byte[] bytes() {
    return bytes;
  }

  byte[] messageId() {
    return Arrays.copyOfRange(bytes, FIXED_START_BYTES - MESSAGE_ID_BYTES, FIXED_START_BYTES);
  }

  byte[] commitment() {
    int end = bytes.length - FrameCipher.TAG_BYTES;
    return Arrays.copyOfRange(bytes, end - MessageKey.COMMITMENT_BYTES, end);
  }

  @Override
  public String toString() {
    return "MessageHeader[" + suite + ", " + context + ", " + encryptedDataKeys + "]";
  }
}
