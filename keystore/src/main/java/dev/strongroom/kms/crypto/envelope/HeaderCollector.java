// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Collects the bytes of a header, and takes none that come behind it. */
final class HeaderCollector {
  private static final int FIRST_CAPACITY = 1 << 10;

  private final HeaderParser parser;
  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int size;

  HeaderCollector(EnvelopeLimits limits) {
    this.parser = new HeaderParser(limits);
  }

  /** Takes what it needs of {@code in}; returns the header when it is complete. */
  Optional<MessageHeader> collect(ByteBuffer in) {
    int needed = parser.lengthNeeded(bytes, size);
    while (size < needed) {
      if (!in.hasRemaining()) {
        return Optional.empty();
      }
      int length = Math.min(needed - size, in.remaining());
      if (size + length > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(size + length, 2 * bytes.length));
      }
      in.get(bytes, size, length);
      size += length;
      needed = parser.lengthNeeded(bytes, size);
    }
    return Optional.of(parser.parse(Arrays.copyOf(bytes, size)));
  }
}
