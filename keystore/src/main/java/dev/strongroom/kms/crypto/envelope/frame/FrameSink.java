// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope.frame;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes finished bytes in order. Reads what remains and keeps nothing of the buffer. */
@FunctionalInterface
public interface FrameSink {
  void accept(ByteBuffer bytes) throws IOException;
}
