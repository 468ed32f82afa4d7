// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.custody;

import dev.strongroom.kms.KmsException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/**
 * The share of one custodian: sealed for the custodian's RSA key, or opened.
 *
 * <p>A text in PEM's form, over {@code 01 | set 16 | index 1 | threshold 1 | sealed 1 | length 2 |
 * bytes}; the bytes are the share, 64, or RSAES-OAEP of it with SHA-256 and MGF1 with SHA-256, so
 * that {@code openssl pkeyutl} opens it too. Immutable but for {@link #close}.
 */
public final class KeyShare implements AutoCloseable {
  private static final byte FORMAT = 1;
  private static final String NAME = "STRONGROOM DOMAIN KEY SHARE";
  private static final String BEGIN = "-----BEGIN " + NAME + "-----";
  private static final String END = "-----END " + NAME + "-----";
  private static final int MIN_RSA_BITS = 2048;
  private static final OAEPParameterSpec OAEP =
      new OAEPParameterSpec(
          "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

  private final UUID set;
  private final int index;
  private final int threshold;
  private final boolean sealed;
  private final byte[] bytes;

  private KeyShare(UUID set, int index, int threshold, boolean sealed, byte[] bytes) {
    this.set = set;
    this.index = index;
    this.threshold = threshold;
    this.sealed = sealed;
    this.bytes = bytes;
  }

  /**
   * Seals a share, which is left intact, for a custodian.
   *
   * @throws KmsException.Validation if the key is no RSA key of 2048 bits or more
   */
  static KeyShare seal(UUID set, int index, int threshold, byte[] share, PublicKey custodian) {
    return new KeyShare(set, index, threshold, true, crypt(Cipher.ENCRYPT_MODE, custodian, share));
  }

  /**
   * Refuses what is no key of a custodian.
   *
   * @throws KmsException.Validation if it is no RSA key of 2048 bits or more
   */
  static void requireCustodian(PublicKey key) {
    if (!(key instanceof RSAPublicKey rsa) || rsa.getModulus().bitLength() < MIN_RSA_BITS) {
      throw new KmsException.Validation(
          "A custodian has an RSA key of 2048 bits or more: 'openssl genpkey -algorithm RSA"
              + " -pkeyopt rsa_keygen_bits:3072' makes one, 'openssl pkey -pubout' gives its public"
              + " half.");
    }
  }

  private static byte[] crypt(int mode, Key key, byte[] input) {
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding", "SunJCE");
      cipher.init(mode, key, OAEP);
      return cipher.doFinal(input);
    } catch (GeneralSecurityException e) {
      throw new KmsException.Validation(
          "The share is not for this private key, or was altered. Take the key of the custodian"
              + " whose share it is.");
    }
  }

  /**
   * Reads a share.
   *
   * @throws KmsException.Validation if it is none
   */
  public static KeyShare decode(String text) {
    String stripped = text.strip();
    if (stripped.startsWith(BEGIN) && stripped.endsWith(END)) {
      String body = stripped.substring(BEGIN.length(), stripped.length() - END.length());
      try {
        ByteBuffer in = ByteBuffer.wrap(Base64.getMimeDecoder().decode(body));
        if (in.get() == FORMAT) {
          UUID set = new UUID(in.getLong(), in.getLong());
          int index = Byte.toUnsignedInt(in.get());
          int threshold = Byte.toUnsignedInt(in.get());
          boolean sealed = in.get() != 0;
          byte[] bytes = new byte[Short.toUnsignedInt(in.getShort())];
          in.get(bytes);
          if (!in.hasRemaining() && index > 0) {
            return new KeyShare(set, index, threshold, sealed, bytes);
          }
        }
      } catch (BufferUnderflowException | IllegalArgumentException e) {
        // Refused like every other text.
      }
    }
    throw new KmsException.Validation(
        "This is no share of a domain key: such a file begins with \"" + BEGIN + "\".");
  }

  /** Returns the text; of an opened share it is a secret. */
  public String encode() {
    byte[] encoded =
        ByteBuffer.allocate(22 + bytes.length)
            .put(FORMAT)
            .putLong(set.getMostSignificantBits())
            .putLong(set.getLeastSignificantBits())
            .put((byte) index)
            .put((byte) threshold)
            .put((byte) (sealed ? 1 : 0))
            .putShort((short) bytes.length)
            .put(bytes)
            .array();
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    Arrays.fill(encoded, (byte) 0);
    return BEGIN + "\n" + body + "\n" + END + "\n";
  }

  /**
   * Opens a sealed share.
   *
   * @throws KmsException.Validation if it is not for that key, or open
   */
  public KeyShare open(PrivateKey custodian) {
    if (!sealed) {
      throw new KmsException.Validation("Share " + index + " is open already.");
    }
    return new KeyShare(set, index, threshold, false, crypt(Cipher.DECRYPT_MODE, custodian, bytes));
  }

  /** Returns the name of the set that it belongs to. */
  public UUID set() {
    return set;
  }

  /** Returns its place in the set, from 1. */
  public int index() {
    return index;
  }

  /** Returns how many shares of the set make the secret. */
  public int threshold() {
    return threshold;
  }

  public boolean isSealed() {
    return sealed;
  }

  /** Lends the bytes. */
  byte[] bytes() {
    return bytes;
  }

  /** Zeroes an opened share. */
  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public String toString() {
    return "share " + index + " of set " + set;
  }
}
