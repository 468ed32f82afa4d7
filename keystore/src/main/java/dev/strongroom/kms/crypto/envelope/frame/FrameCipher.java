// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope.frame;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.DestroyableAesKey;
import dev.strongroom.kms.crypto.JdkEngines;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM over the parts of one message. Its engine object is kept ready; a part costs what the
 * engine itself allocates and nothing more.
 *
 * <p>The IV of a part that we seal is its sequence number, which is safe because the key is the
 * message's own (SP 800-38D §8.2.1: a counter under a fresh key); zero is the header's. The AAD of
 * a part is {@code message id 32 | label | sequence number u32 | content length u64}.
 *
 * <p>Not thread-safe: each thread has its own, over the same key. Buffers must have arrays. Source:
 * AWS Encryption SDK Specification, data-format/message-body-aad.
 */
public final class FrameCipher {

  /** Length of the tag that ends every part. */
  public static final int TAG_BYTES = 16;

  static final int IV_BYTES = 12;

  private static final int MOST_AAD_BYTES = 128;

  /** The kinds of part, each with the label that keeps it from being taken for another. */
  enum Part {
    FRAME("AWSKMSEncryptionClient Frame"),
    FINAL_FRAME("AWSKMSEncryptionClient Final Frame"),
    ONE_PIECE("AWSKMSEncryptionClient Single Block");

    private final byte[] label;

    Part(String label) {
      this.label = label.getBytes(StandardCharsets.US_ASCII);
    }
  }

  private final DestroyableAesKey key;
  private final byte[] messageId;
  private final Cipher cipher;
  private final byte[] iv = new byte[IV_BYTES];
  private final byte[] aad = new byte[MOST_AAD_BYTES];

  private FrameCipher(DestroyableAesKey key, byte[] messageId, Cipher cipher) {
    this.key = key;
    this.messageId = messageId;
    this.cipher = cipher;
  }

  /** The key stays its owner's to destroy; from then on nothing can be sealed or opened. */
  public static FrameCipher over(DestroyableAesKey key, byte[] messageId) {
    try {
      return new FrameCipher(key, messageId, JdkEngines.aesGcm());
    } catch (GeneralSecurityException e) {
      throw new AssertionError("SunJCE has AES/GCM/NoPadding", e);
    }
  }

  /** Sets the last 16 bytes of a header to the tag over the others. */
  public void sealHeader(byte[] header) {
    int length = header.length - TAG_BYTES;
    try {
      setIv(0);
      init(Cipher.ENCRYPT_MODE);
      cipher.updateAAD(header, 0, length);
      cipher.doFinal(header, length);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM did not seal a header", e);
    }
  }

  /**
   * Checks the last 16 bytes of a header.
   *
   * @throws KmsException.InvalidCiphertext unless they are the tag over the others
   */
  public void openHeader(byte[] header) {
    int length = header.length - TAG_BYTES;
    try {
      setIv(0);
      init(Cipher.DECRYPT_MODE);
      cipher.updateAAD(header, 0, length);
      cipher.doFinal(header, length, TAG_BYTES);
    } catch (GeneralSecurityException notAuthentic) {
      throw new KmsException.InvalidCiphertext();
    }
  }

  /**
   * Seals what remains in {@code plaintext} and appends {@code ciphertext | tag 16} to {@code out}.
   * Moves both positions.
   */
  void seal(Part part, long sequence, ByteBuffer plaintext, ByteBuffer out) {
    try {
      setIv(sequence);
      init(Cipher.ENCRYPT_MODE);
      updateAad(part, sequence, plaintext.remaining());
      process(plaintext, out);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM did not seal a frame", e);
    }
  }

  /** Takes the IV of the part that is opened next. Its writer may have chosen another than we. */
  void takeIv(ByteBuffer in) {
    in.get(iv);
  }

  /**
   * Opens what remains in {@code sealed}, {@code ciphertext | tag 16}, and appends the plaintext to
   * {@code out}. Moves both positions.
   *
   * @throws KmsException.InvalidCiphertext if it isn't authentic
   */
  void open(Part part, long sequence, ByteBuffer sealed, ByteBuffer out) {
    try {
      init(Cipher.DECRYPT_MODE);
      updateAad(part, sequence, sealed.remaining() - TAG_BYTES);
      process(sealed, out);
    } catch (GeneralSecurityException notAuthentic) {
      throw new KmsException.InvalidCiphertext();
    }
  }

  private void setIv(long sequence) {
    ByteBuffer.wrap(iv).putLong(0).putInt((int) sequence);
  }

  private void init(int mode) throws GeneralSecurityException {
    cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, iv));
  }

  private void updateAad(Part part, long sequence, long contentLength) {
    ByteBuffer bytes = ByteBuffer.wrap(aad).put(messageId).put(part.label);
    cipher.updateAAD(aad, 0, bytes.putInt((int) sequence).putLong(contentLength).position());
  }

  // Arrays, not the buffers: the engine then works from one into the other and copies nothing.
  private void process(ByteBuffer in, ByteBuffer out) throws GeneralSecurityException {
    int inOffset = in.arrayOffset() + in.position();
    int outOffset = out.arrayOffset() + out.position();
    int written = cipher.doFinal(in.array(), inOffset, in.remaining(), out.array(), outOffset);
    in.position(in.limit());
    out.position(out.position() + written);
  }
}
