// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.Sha256;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * The MACs of a stream's seals, under a key that moves on with each: whoever reads the key now
 * cannot seal what was before. The formulas are in {@link JournalFormat}.
 *
 * <p>Not thread-safe.
 */
final class SealChain implements AutoCloseable {
  private static final byte[] SEAL = label("strongroom/1/audit/seal\0");
  private static final byte[] NEXT = label("strongroom/1/audit/next");

  private final UUID stream;
  private final SealKey key;
  private final Mac hmac;
  private final MessageDigest sha256 = Sha256.begin();
  private final byte[] previousMac = new byte[JournalFormat.MAC_BYTES];
  private long number;

  /**
   * Begins the chain of a stream.
   *
   * @param key k<sub>0</sub>, 32 bytes; taken over and erased
   */
  SealChain(UUID stream, byte[] key) {
    if (key.length != JournalFormat.KEY_BYTES) {
      throw new IllegalArgumentException("The key of a stream has 32 bytes, not " + key.length);
    }
    this.stream = stream;
    this.key = new SealKey(key);
    try {
      this.hmac = Mac.getInstance("HmacSHA256", "SunJCE");
    } catch (GeneralSecurityException e) {
      throw new AssertionError("Every JDK has HmacSHA256 in its provider SunJCE", e);
    }
    sha256.update(previousMac);
  }

  private static byte[] label(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Adds bytes to the block that the next seal ends. */
  void update(byte[] bytes, int offset, int length) {
    sha256.update(bytes, offset, length);
  }

  /** Forgets the bytes of the block so far: what was added from here on is a block of its own. */
  void restartBlock() {
    sha256.reset();
    sha256.update(previousMac);
  }

  /** Returns the number of the next seal. */
  long number() {
    return number;
  }

  /** Returns a copy of the MAC of the last seal; zeros before the first. */
  byte[] previousMac() {
    return previousMac.clone();
  }

  /** Ends the block: returns its MAC, moves the key on and begins the next block. */
  byte[] seal(int kind, long records) {
    byte[] fields =
        ByteBuffer.allocate(33)
            .putLong(stream.getMostSignificantBits())
            .putLong(stream.getLeastSignificantBits())
            .putLong(number)
            .putLong(records)
            .put((byte) kind)
            .array();
    use(key);
    hmac.update(SEAL);
    hmac.update(fields);
    byte[] mac = hmac.doFinal(sha256.digest());
    next(mac);
    return mac;
  }

  /**
   * Goes on after a seal that holds {@code mac}, whatever the right one is: what a verifier does,
   * so that one wrong seal does not make all that follow wrong.
   */
  void continueAfter(byte[] mac) {
    System.arraycopy(mac, 0, previousMac, 0, mac.length);
    restartBlock();
  }

  /** Moves the key on over seals that could not be read. */
  void skipTo(long laterNumber) {
    while (number < laterNumber) {
      moveKeyOn();
    }
  }

  private void next(byte[] mac) {
    moveKeyOn();
    continueAfter(mac);
  }

  private void moveKeyOn() {
    use(key);
    key.replace(hmac.doFinal(NEXT));
    number++;
  }

  private void use(SealKey current) {
    try {
      hmac.init(current);
    } catch (InvalidKeyException e) {
      throw new AssertionError("HmacSHA256 takes any 32 bytes", e);
    }
  }

  /** Erases the key. The MAC object forgets its copy by taking on a key of zeros. */
  @Override
  public void close() {
    key.replace(new byte[JournalFormat.KEY_BYTES]);
    use(key);
  }

  /** A key that can be erased, which SecretKeySpec cannot. */
  private static final class SealKey implements SecretKey {
    private static final long serialVersionUID = 1;

    private final byte[] bytes;

    SealKey(byte[] bytes) {
      this.bytes = bytes;
    }

    /** Takes over other bytes and erases both arrays that held them before. */
    void replace(byte[] others) {
      System.arraycopy(others, 0, bytes, 0, bytes.length);
      Arrays.fill(others, (byte) 0);
    }

    @Override
    public String getAlgorithm() {
      return "HmacSHA256";
    }

    @Override
    public String getFormat() {
      return "RAW";
    }

    /** Returns a copy, which the MAC erases after use. */
    @Override
    public byte[] getEncoded() {
      return bytes.clone();
    }

    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
      throw new NotSerializableException("A seal key does not leave its process");
    }
  }
}
