// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.envelope.keyring.EncryptedDataKey;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a {@link MessageHeader} strictly: a header has one form, and what it claims is checked
 * against the limits before anything is allocated for it. Nothing is authenticated here.
 */
final class HeaderParser {
  private final EnvelopeLimits limits;

  HeaderParser(EnvelopeLimits limits) {
    this.limits = limits;
  }

  /**
   * Returns how long the header is at least, judged by its first {@code have} bytes; it is complete
   * when that is no more than {@code have}. Each step of the result is due to one length field, so
   * asking again for every piece of input stays cheap.
   */
  int lengthNeeded(byte[] header, int have) {
    requireReadable(header, have);
    int end = MessageHeader.FIXED_START_BYTES;
    if (have < end + Short.BYTES) {
      return end + Short.BYTES;
    }
    int contextLength = u16(header, end);
    if (contextLength > EncryptionContext.MAX_BYTES) {
      throw new KmsException.InvalidCiphertext();
    }
    end += Short.BYTES + contextLength;
    if (have < end + Short.BYTES) {
      return end + Short.BYTES;
    }
    int copies = u16(header, end);
    limits.checkEncryptedDataKeys(copies);
    end += Short.BYTES;
    for (int field = 0; field < 3 * copies; field++) {
      if (have < end + Short.BYTES) {
        return end + Short.BYTES;
      }
      end += Short.BYTES + u16(header, end);
      limits.checkHeader(end);
    }
    limits.checkHeader((long) end + MessageHeader.FIXED_END_BYTES);
    return end + MessageHeader.FIXED_END_BYTES;
  }

  // Before any length is believed: text or another format would be waited for without end.
  private static void requireReadable(byte[] header, int have) {
    if (have >= 1 && header[0] != MessageHeader.VERSION) {
      throw new KmsException.UnsupportedOperation(refusal(header[0]));
    }
    if (have >= 3) {
      EnvelopeSuite.of(u16(header, 1));
    }
  }

  private static String refusal(byte first) {
    if (first == 1) {
      return "The message has version 1 of the format, which doesn't commit to its key; version 2 is"
          + " read. Decrypt it with the AWS Encryption SDK and encrypt it again.";
    }
    // "AgR4" and "AgV4" begin the two suites in Base64.
    if (first == 'A') {
      return "The message looks like Base64 text. Decode it first, for example with 'base64 -d'.";
    }
    return String.format(
        "The input is not an AWS Encryption SDK message of version 2: it begins with byte %02x, not"
            + " 02. Check that it is the encrypted file, whole and unchanged.",
        first);
  }

  /** Reads a header that {@link #lengthNeeded} called complete. Takes ownership of the array. */
  MessageHeader parse(byte[] header) {
    ByteBuffer in = ByteBuffer.wrap(header).position(1);
    EnvelopeSuite suite = EnvelopeSuite.of(Short.toUnsignedInt(in.getShort()));
    in.position(MessageHeader.FIXED_START_BYTES);
    EncryptionContext context = context(field(in));
    List<EncryptedDataKey> copies = encryptedDataKeys(in);
    byte contentType = in.get();
    int frameLength = in.getInt();
    requireConsistent(contentType, frameLength, copies);
    if (suite.isSigned() != context.pairs().containsKey(MessageContext.PUBLIC_KEY)) {
      throw new KmsException.InvalidCiphertext();
    }
    return new MessageHeader(suite, context, copies, header);
  }

  private void requireConsistent(byte contentType, int frameLength, List<EncryptedDataKey> copies) {
    boolean framed = contentType == MessageHeader.FRAMED && frameLength != 0;
    boolean onePiece = contentType == MessageHeader.ONE_PIECE && frameLength == 0;
    if ((!framed && !onePiece) || copies.isEmpty()) {
      throw new KmsException.InvalidCiphertext();
    }
    limits.checkFrame(Integer.toUnsignedLong(frameLength));
  }

  private static List<EncryptedDataKey> encryptedDataKeys(ByteBuffer in) {
    int count = Short.toUnsignedInt(in.getShort());
    List<EncryptedDataKey> copies = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String providerId = text(ByteBuffer.wrap(field(in)));
      copies.add(EncryptedDataKey.owning(providerId, field(in), field(in)));
    }
    return List.copyOf(copies);
  }

  private static byte[] field(ByteBuffer in) {
    byte[] field = new byte[Short.toUnsignedInt(in.getShort())];
    in.get(field);
    return field;
  }

  // The canonical form is compared, instead of checking order, repetition and the end one by one.
  private static EncryptionContext context(byte[] aad) {
    Map<String, String> pairs = new LinkedHashMap<>();
    ByteBuffer in = ByteBuffer.wrap(aad);
    if (aad.length > 0) {
      requireRemaining(in, Short.BYTES);
      for (int count = Short.toUnsignedInt(in.getShort()); count > 0; count--) {
        pairs.put(contextText(in), contextText(in));
      }
    }
    try {
      EncryptionContext context = EncryptionContext.of(pairs);
      if (MessageDigest.isEqual(context.toAad(), aad)) {
        return context;
      }
    } catch (IllegalArgumentException notAContext) {
      throw new KmsException.InvalidCiphertext();
    }
    throw new KmsException.InvalidCiphertext();
  }

  private static String contextText(ByteBuffer in) {
    requireRemaining(in, Short.BYTES);
    int length = Short.toUnsignedInt(in.getShort());
    requireRemaining(in, length);
    String text = text(in.slice().limit(length));
    in.position(in.position() + length);
    return text;
  }

  private static void requireRemaining(ByteBuffer in, int length) {
    if (in.remaining() < length) {
      throw new KmsException.InvalidCiphertext();
    }
  }

  private static String text(ByteBuffer utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException notUtf8) {
      throw new KmsException.InvalidCiphertext();
    }
  }

  private static int u16(byte[] bytes, int offset) {
    return (bytes[offset] & 0xFF) << 8 | (bytes[offset + 1] & 0xFF);
  }
}
