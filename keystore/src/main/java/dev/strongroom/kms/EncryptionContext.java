// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of text pairs that is bound to a ciphertext: decrypting needs exactly the same pairs. Not
 * secret: it stands in clear in the audit trail and in envelope messages.
 *
 * <p>The canonical form, which is authenticated, is the AWS Encryption SDK's: {@code count u16 |
 * (length u16 | key | length u16 | value)*}, UTF-8, pairs sorted by the unsigned bytes of their
 * keys; no pairs are no bytes. At most 8192 bytes. Nothing is normalised: pairs are equal when
 * their bytes are.
 */
public final class EncryptionContext {

  /** The context without pairs. */
  public static final EncryptionContext EMPTY = new EncryptionContext(Map.of(), new byte[0]);

  /** The most that {@link #toAad()} may be long. */
  public static final int MAX_BYTES = 8192;

  private final Map<String, String> pairs;
  private final byte[] aad;

  private EncryptionContext(Map<String, String> pairs, byte[] aad) {
    this.pairs = pairs;
    this.aad = aad;
  }

  /**
   * Returns the context of these pairs, which are copied.
   *
   * @throws IllegalArgumentException if a key is empty, if text holds half of a surrogate pair, or
   *     if the canonical form is longer than 8192 bytes
   */
  public static EncryptionContext of(Map<String, String> pairs) {
    if (pairs.isEmpty()) {
      return EMPTY;
    }
    TreeMap<byte[], Map.Entry<String, String>> sorted = new TreeMap<>(Arrays::compareUnsigned);
    int length = 2;
    for (Map.Entry<String, String> pair : pairs.entrySet()) {
      byte[] key = utf8("key", pair.getKey());
      if (key.length == 0) {
        throw new IllegalArgumentException(
            "An encryption context has an empty key. Give every pair a name.");
      }
      length += 4 + key.length + utf8("value", pair.getValue()).length;
      sorted.put(key, Map.entry(pair.getKey(), pair.getValue()));
    }
    if (length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "The encryption context is " + length + " bytes long; at most 8192 are allowed.");
    }
    Map<String, String> ordered = new LinkedHashMap<>();
    sorted.values().forEach(pair -> ordered.put(pair.getKey(), pair.getValue()));
    return new EncryptionContext(Collections.unmodifiableMap(ordered), serialize(ordered, length));
  }

  private static byte[] serialize(Map<String, String> ordered, int length) {
    ByteBuffer out = ByteBuffer.allocate(length).putShort((short) ordered.size());
    ordered.forEach(
        (key, value) -> {
          put(out, key);
          put(out, value);
        });
    return out.array();
  }

  private static void put(ByteBuffer out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.putShort((short) bytes.length).put(bytes);
  }

  private static byte[] utf8(String what, String text) {
    try {
      ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "A "
              + what
              + " of the encryption context has half of a surrogate pair, which has no UTF-8 form."
              + " Use whole characters.",
          e);
    }
  }

  /** Returns the pairs, sorted as in the canonical form; unmodifiable. */
  public Map<String, String> pairs() {
    return pairs;
  }

  public boolean isEmpty() {
    return pairs.isEmpty();
  }

  /** Returns a copy of the canonical form. */
  public byte[] toAad() {
    return aad.clone();
  }

  /** Returns the length of the canonical form in bytes. */
  public int aadLength() {
    return aad.length;
  }

  /** Copies the canonical form to {@code target} at {@code offset}: the hot path's way. */
  public void copyAadTo(byte[] target, int offset) {
    System.arraycopy(aad, 0, target, offset, aad.length);
  }

  /**
   * Returns whether this context holds every pair of {@code other} (AWS: EncryptionContextSubset).
   */
  public boolean containsAll(EncryptionContext other) {
    return pairs.entrySet().containsAll(other.pairs.entrySet());
  }

  /** Contexts are equal when their canonical forms are. They are not secret. */
  @Override
  public boolean equals(Object other) {
    return other instanceof EncryptionContext context && Arrays.equals(aad, context.aad);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(aad);
  }

  /** Returns {@code {a=b, c=d}}, for people. Not escaped: never write it to a log as it is. */
  @Override
  public String toString() {
    return pairs.toString();
  }
}
