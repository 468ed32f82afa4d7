// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.ProtectionLevel;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A backing key encrypted under a domain key: what the store holds.
 *
 * <table>
 * <caption>Layout, integers big-endian</caption>
 * <tr><th>offset</th><th>length</th><th>field</th></tr>
 * <tr><td>0</td><td>1</td><td>version of the format, 01</td></tr>
 * <tr><td>1</td><td>1</td><td>protection level: 01 HSM, 02 SOFTWARE, 03
 * CUSTOM_KEY_STORE</td></tr>
 * <tr><td>2</td><td>4</td><td>version of the domain key</td></tr>
 * <tr><td>6</td><td>32</td><td>salt, random for each token</td></tr>
 * <tr><td>38</td><td>n</td><td>body: HSM: the RFC 5649 wrapping; SOFTWARE: AES-256-GCM ciphertext and
 * tag; CUSTOM_KEY_STORE: a {@link StoredObject}</td></tr>
 * <tr><td>38 + n</td><td>32</td><td>MAC, {@code F(kdf, strongroom/1/token, SHA-256(enc(…, body)))}
 * </td></tr>
 * </table>
 */
public final class KeyToken {
  static final int FORMAT = 1;
  public static final int SALT_BYTES = 32;
  static final int MAC_BYTES = 32;
  private static final int HEADER_BYTES = 2 + Integer.BYTES + SALT_BYTES;

  private final ProtectionLevel level;
  private final int domainVersion;
  private final byte[] salt;
  private final byte[] body;
  private final byte[] mac;

  /** Takes ownership of the arrays. */
  public KeyToken(ProtectionLevel level, int domainVersion, byte[] salt, byte[] body, byte[] mac) {
    this.level = level;
    this.domainVersion = domainVersion;
    this.salt = salt;
    this.body = body;
    this.mac = mac;
  }

  public byte[] encode() {
    return ByteBuffer.allocate(HEADER_BYTES + body.length + MAC_BYTES)
        .put((byte) FORMAT)
        .put((byte) level.code())
        .putInt(domainVersion)
        .put(salt)
        .put(body)
        .put(mac)
        .array();
  }

  /**
   * Reads a token; says nothing yet about whether it is genuine.
   *
   * @throws KmsException.StoreTampered if it has no such layout
   */
  public static KeyToken decode(byte[] bytes) {
    if (bytes.length <= HEADER_BYTES + MAC_BYTES || bytes[0] != FORMAT) {
      throw tampered();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
    ProtectionLevel level;
    try {
      level = ProtectionLevel.ofCode(in.get());
    } catch (IllegalArgumentException e) {
      throw tampered();
    }
    int version = in.getInt();
    int bodyEnd = bytes.length - MAC_BYTES;
    return new KeyToken(
        level,
        version,
        Arrays.copyOfRange(bytes, HEADER_BYTES - SALT_BYTES, HEADER_BYTES),
        Arrays.copyOfRange(bytes, HEADER_BYTES, bodyEnd),
        Arrays.copyOfRange(bytes, bodyEnd, bytes.length));
  }

  /** Returns the one failure of every token that is not what this KMS wrote for that key. */
  public static KmsException.StoreTampered tampered() {
    return new KmsException.StoreTampered(
        "A key token is not the one that this KMS wrote for its key: the store was changed by"
            + " someone else, or restored in part. Restore the store from a backup as a whole.");
  }

  public ProtectionLevel level() {
    return level;
  }

  public int domainVersion() {
    return domainVersion;
  }

  public byte[] salt() {
    return salt;
  }

  public byte[] body() {
    return body;
  }

  public byte[] mac() {
    return mac;
  }
}
