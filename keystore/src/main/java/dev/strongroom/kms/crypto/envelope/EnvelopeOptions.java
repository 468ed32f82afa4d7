// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import dev.strongroom.kms.EncryptionContext;

/**
 * How a message is to be written.
 *
 * @param suite unsigned or signed
 * @param frameLength plaintext bytes in each frame but the last, 1 to 16 MiB. A reader holds a
 *     frame in memory, and a range of a message costs whole frames; each frame adds 32 bytes.
 * @param context bound to the message and readable in its header by everybody
 */
public record EnvelopeOptions(EnvelopeSuite suite, int frameLength, EncryptionContext context) {

  /** 64 KiB. A quarter of that costs a tenth of the speed; twice as much gains next to nothing. */
  public static final int DEFAULT_FRAME_LENGTH = 1 << 16;

  /**
   * @throws IllegalArgumentException if the frame length is out of bounds, or a name in the context
   *     begins with {@code aws-crypto-} or has an empty value
   */
  public EnvelopeOptions {
    int most = EnvelopeLimits.DEFAULT.maxFrameBytes();
    if (frameLength < 1 || frameLength > most) {
      throw new IllegalArgumentException(
          "The frame length is " + frameLength + "; it may be from 1 to " + most + " bytes.");
    }
    MessageContext.requireWritable(context);
  }

  /** Returns options for an unsigned message of the default frame length. */
  public static EnvelopeOptions of(EncryptionContext context) {
    return new EnvelopeOptions(
        EnvelopeSuite.AES_256_GCM_HKDF_SHA512_COMMIT_KEY, DEFAULT_FRAME_LENGTH, context);
  }

  /** Returns these options for a signed message. */
  public EnvelopeOptions signed() {
    return new EnvelopeOptions(
        EnvelopeSuite.AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384, frameLength, context);
  }

  public EnvelopeOptions withFrameLength(int bytes) {
    return new EnvelopeOptions(suite, bytes, context);
  }
}
