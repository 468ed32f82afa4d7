// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

import dev.strongroom.kms.KeyId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Where the backing key of a KMS key lives that is never wrapped: an object of the token of a
 * custom key store. In a key token: the id of the store in ASCII, a zero byte, CKA_ID.
 *
 * @param store id of the custom key store
 * @param objectId CKA_ID in hexadecimal
 */
public record StoredObject(String store, String objectId) {

  /** Returns the object that a new key of that store gets: its CKA_ID is the key id. */
  public static StoredObject of(String store, KeyId key) {
    return new StoredObject(store, HexFormat.of().formatHex(key.toBytes()));
  }

  /** Returns CKA_ID. */
  public byte[] id() {
    return HexFormat.of().parseHex(objectId);
  }

  public byte[] encode() {
    byte[] name = store.getBytes(StandardCharsets.US_ASCII);
    byte[] id = id();
    return ByteBuffer.allocate(name.length + 1 + id.length).put(name).put((byte) 0).put(id).array();
  }

  /**
   * @throws dev.strongroom.kms.KmsException.StoreTampered if there is no zero byte in it
   */
  public static StoredObject decode(byte[] body) {
    int end = 0;
    while (end < body.length && body[end] != 0) {
      end++;
    }
    if (end == body.length) {
      throw KeyToken.tampered();
    }
    return new StoredObject(
        new String(body, 0, end, StandardCharsets.US_ASCII),
        HexFormat.of().formatHex(Arrays.copyOfRange(body, end + 1, body.length)));
  }
}
