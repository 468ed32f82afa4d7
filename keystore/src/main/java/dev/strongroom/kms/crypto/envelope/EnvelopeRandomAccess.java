// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.envelope.frame.FrameFormat;
import dev.strongroom.kms.crypto.envelope.keyring.MessageKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.Optional;

/**
 * The plaintext of a framed message, any part of which can be read at the cost of the frames that
 * hold it. Reads only.
 *
 * <p>{@link #open} verifies the header and the last frame; since that is bound to its number, the
 * size of the plaintext can be relied on from then on, and a cut message is refused. A frame is
 * verified when it is read, is bound to its place in this message, and is released only then:
 * {@link #read} throws {@code KmsException.InvalidCiphertext} for a frame that was changed. That
 * other frames are sound is not said. The signature of a signed message is verified by {@code
 * open}, which then reads the whole message once, without decrypting it; frames that are exchanged
 * later by somebody who has the data key would not be noticed.
 *
 * <p>Holds one frame in memory, the one last read. Thread-safe; readers wait for each other.
 */
public final class EnvelopeRandomAccess implements SeekableByteChannel {
  private static final int PIECE_BYTES = 1 << 16;
  private static final long NONE = -1;

  private final SeekableByteChannel message;
  private final MessageHeader header;
  private final MessageKey key;
  private final FrameFormat format;
  private final MessageMap map;
  private ByteBuffer sealed = ByteBuffer.allocate(0);
  private ByteBuffer plaintext = ByteBuffer.allocate(0);
  private long openFrame = NONE;
  private long position;

  private EnvelopeRandomAccess(
      SeekableByteChannel message, MessageHeader header, MessageKey key, MessageMap map) {
    this.message = message;
    this.header = header;
    this.key = key;
    this.format = new FrameFormat(key.frameCipher());
    this.map = map;
  }

  /**
   * Opens the message that {@code message} holds from its first byte to its last. The channel then
   * belongs to the result, which moves its position and closes it; after an exception it is still
   * the caller's.
   *
   * @throws KmsException.UnsupportedOperation if the body is in one piece; {@link EnvelopeReader}
   *     has the other exceptions
   */
  public static EnvelopeRandomAccess open(
      SeekableByteChannel message, MessageKeys.Opener opener, EnvelopeLimits limits)
      throws IOException {
    MessageHeader header = readHeader(message, limits);
    if (!header.isFramed()) {
      throw new KmsException.UnsupportedOperation(
          "The message was written in one piece, without frames, and has no parts that could be"
              + " read alone. Decrypt it as a whole.");
    }
    MessageKey key = MessageKey.unlock(header, opener);
    boolean opened = false;
    try {
      EnvelopeRandomAccess access =
          new EnvelopeRandomAccess(message, header, key, map(message, header));
      access.openFrame(access.map.wholeFrames());
      access.verifySignature();
      opened = true;
      return access;
    } finally {
      if (!opened) {
        key.close();
      }
    }
  }

  private static MessageHeader readHeader(SeekableByteChannel message, EnvelopeLimits limits)
      throws IOException {
    HeaderCollector collector = new HeaderCollector(limits);
    ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
    message.position(0);
    while (message.read(piece.clear()) >= 0) {
      Optional<MessageHeader> header = collector.collect(piece.flip());
      if (header.isPresent()) {
        return header.get();
      }
    }
    throw new KmsException.InvalidCiphertext();
  }

  /** Finds the last frame from the end, where only the length of a footer is not known. */
  private static MessageMap map(SeekableByteChannel message, MessageHeader header)
      throws IOException {
    int most = header.suite().isSigned() ? MessageSignature.MAX_FOOTER_BYTES : 0;
    for (int footer = 0; footer <= most; footer++) {
      Optional<MessageMap> map = MessageMap.of(header, message.size() - footer);
      if (map.isPresent() && hasLastFrame(message, map.get())) {
        return map.get();
      }
    }
    throw new KmsException.InvalidCiphertext();
  }

  private static boolean hasLastFrame(SeekableByteChannel message, MessageMap map)
      throws IOException {
    ByteBuffer start = ByteBuffer.allocate(FrameFormat.FINAL_START_BYTES);
    read(message, map.offset(map.wholeFrames()), start);
    return map.isLastFrame(start);
  }

  /** Fills {@code target} from {@code offset} on, and makes it ready to be read. */
  private static void read(SeekableByteChannel message, long offset, ByteBuffer target)
      throws IOException {
    message.position(offset);
    while (target.hasRemaining()) {
      if (message.read(target) < 0) {
        throw new KmsException.InvalidCiphertext();
      }
    }
    target.flip();
  }

  private void verifySignature() throws IOException {
    String publicKey = header.context().pairs().get(MessageContext.PUBLIC_KEY);
    if (publicKey == null) {
      return;
    }
    MessageSignature signature = MessageSignature.verifying(publicKey);
    ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
    for (long at = 0; at < map.bodyEnd(); at += piece.limit()) {
      piece.clear().limit((int) Math.min(PIECE_BYTES, map.bodyEnd() - at));
      read(message, at, piece);
      signature.update(piece);
    }
    ByteBuffer footer = ByteBuffer.allocate((int) (message.size() - map.bodyEnd()));
    read(message, map.bodyEnd(), footer);
    signature.verify(footer);
  }

  /** Makes {@link #plaintext} that of the frame. */
  private void openFrame(long index) throws IOException {
    if (index == openFrame) {
      return;
    }
    openFrame = NONE;
    sealed = emptied(sealed, map.length(index));
    plaintext = emptied(plaintext, map.length(index));
    read(message, map.offset(index), sealed);
    map.open(format, index, sealed, plaintext);
    plaintext.flip();
    openFrame = index;
  }

  private static ByteBuffer emptied(ByteBuffer buffer, int length) {
    return buffer.capacity() < length ? ByteBuffer.allocate(length) : buffer.clear().limit(length);
  }

  /** Returns the verified header. */
  public MessageHeader header() {
    return header;
  }

  /** Returns the length of the plaintext. */
  @Override
  public synchronized long size() throws IOException {
    requireOpen();
    return map.plaintextLength();
  }

  @Override
  public synchronized long position() throws IOException {
    requireOpen();
    return position;
  }

  @Override
  public synchronized EnvelopeRandomAccess position(long newPosition) throws IOException {
    requireOpen();
    if (newPosition < 0) {
      throw new IllegalArgumentException("The position " + newPosition + " is before the start.");
    }
    position = newPosition;
    return this;
  }

  /**
   * Reads verified plaintext from the position on, as much as there is and fits; returns its
   * length, or -1 at the end.
   *
   * @throws KmsException.InvalidCiphertext if one of the frames is not authentic; {@code target}
   *     then has the plaintext of those before it, and the position is behind that
   */
  @Override
  public synchronized int read(ByteBuffer target) throws IOException {
    requireOpen();
    if (position >= map.plaintextLength()) {
      return -1;
    }
    int before = target.remaining();
    while (target.hasRemaining() && position < map.plaintextLength()) {
      long index = Math.min(position / header.frameLength(), map.wholeFrames());
      openFrame(index);
      int offset = (int) (position - index * header.frameLength());
      int length = Math.min(plaintext.limit() - offset, target.remaining());
      target.put(plaintext.slice(offset, length));
      position += length;
    }
    return before - target.remaining();
  }

  private void requireOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public EnvelopeRandomAccess truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return message.isOpen();
  }

  /** Ends the message's key, wipes the frame in memory, and closes the message's channel. */
  @Override
  public synchronized void close() throws IOException {
    key.close();
    openFrame = NONE;
    Arrays.fill(plaintext.array(), (byte) 0);
    message.close();
  }
}
