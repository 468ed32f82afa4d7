// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The encoding {@code enc(…)} of everything that is hashed before it is authenticated: no two lists
 * of fields have the same bytes.
 *
 * <table>
 * <caption>Layout, integers big-endian</caption>
 * <tr><th>length</th><th>field</th></tr>
 * <tr><td>1</td><td>version of the encoding, 01</td></tr>
 * <tr><td>per field: 1</td><td>type: 00 absent, 01 bytes, 02 UTF-8 text, 03 64-bit integer</td></tr>
 * <tr><td>4</td><td>length of the value, 0 when absent, 8 for an integer</td></tr>
 * <tr><td>length</td><td>the value</td></tr>
 * </table>
 *
 * <p>Not thread-safe; made, filled and read by one method.
 */
public final class CanonicalEncoding {
  private static final int VERSION = 1;
  private static final int ABSENT = 0;
  private static final int BYTES = 1;
  private static final int TEXT = 2;
  private static final int INTEGER = 3;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

  public CanonicalEncoding() {
    out.write(VERSION);
  }

  /** Adds bytes, which are copied, or their absence. */
  public CanonicalEncoding add(byte @Nullable [] value) {
    return value == null ? field(ABSENT, new byte[0]) : field(BYTES, value);
  }

  /** Adds text or its absence. */
  public CanonicalEncoding add(@Nullable String value) {
    return value == null
        ? field(ABSENT, new byte[0])
        : field(TEXT, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds an integer. */
  public CanonicalEncoding add(long value) {
    return field(INTEGER, ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  private CanonicalEncoding field(int type, byte[] value) {
    out.write(type);
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value.length).array());
    out.writeBytes(value);
    return this;
  }

  public byte[] toBytes() {
    return out.toByteArray();
  }

  /** Returns the SHA-256 hash of {@link #toBytes()}: 32 bytes. */
  public byte[] sha256() {
    return Sha256.of(toBytes());
  }
}
