// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.key;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/**
 * The one key derivation function, {@code F(key, label, context) = HMAC-SHA256(key, 00000001 ||
 * label || 00 || context || 00000100)}: SP 800-108r1 §4.1 in counter mode, one block of 256 bits.
 *
 * <p>A key that goes into F is used for nothing else.
 */
public final class Derivation {

  /** Length of what F returns, in bytes. */
  public static final int BYTES = 32;

  /** What is derived. The list is closed: a new purpose gets a line here, never a reused label. */
  public enum Label {
    /** From a backing key: the AES-256-GCM key of an epoch of ciphertext blobs. */
    BLOB_KEY("strongroom/1/blob/aes-256-gcm"),
    /** From a backing key: the commitment that stands in the blobs of an epoch. */
    BLOB_COMMITMENT("strongroom/1/blob/commit"),
    /** From a backing key: the name of the key material. */
    MATERIAL_ID("strongroom/1/material-id"),
    /** From the domain key: the MAC of a key token. */
    TOKEN("strongroom/1/token"),
    /** From the domain key: the AES-256-GCM key that seals a backing key of level SOFTWARE. */
    SEAL("strongroom/1/seal"),
    /** From the domain key: the MAC of a row of the store. */
    ROW("strongroom/1/row"),
    /** From the domain key: the first sealing key of an audit stream. */
    AUDIT("strongroom/1/audit"),
    /** From the secret that custodians share: the MAC of what they bring back. */
    CUSTODY("strongroom/1/custody"),
    /** From the domain key and its sentinel: the check value. */
    CHECK("strongroom/1/check"),
    /** From the domain key: the verifier of an access key's secret. */
    ACCESS_KEY("strongroom/1/access-key"),
    /** From the domain key: the MAC of a session token. */
    SESSION_TOKEN("strongroom/1/session-token"),
    /** From the domain key: the MAC of a grant token. */
    GRANT_TOKEN("strongroom/1/grant-token"),
    /** From the domain key: the MAC of an import token. */
    IMPORT_TOKEN("strongroom/1/import-token"),
    /** From the domain key: the AES-256-GCM key that seals the key of one backup. */
    BACKUP("strongroom/1/backup"),
    /** From a data key: the AES-256-GCM key of encrypted fields. */
    FIELD("strongroom/1/field");

    private final String text;

    Label(String text) {
      this.text = text;
    }

    /** Returns the ASCII text that is hashed. */
    public String text() {
      return text;
    }
  }

  private static final int COUNTER = 1;
  private static final int OUTPUT_BITS = 256;

  private Derivation() {}

  /**
   * Returns {@code F(key, label, context)}: 32 bytes, owned by the caller.
   *
   * @param hmac HMAC-SHA256 under the key, wherever that is
   * @param context left intact
   */
  public static byte[] derive(UnaryOperator<byte[]> hmac, Label label, byte[] context) {
    byte[] name = label.text().getBytes(StandardCharsets.US_ASCII);
    ByteBuffer input =
        ByteBuffer.allocate(Integer.BYTES + name.length + 1 + context.length + Integer.BYTES);
    input.putInt(COUNTER).put(name).put((byte) 0).put(context).putInt(OUTPUT_BITS);
    return hmac.apply(input.array());
  }
}
