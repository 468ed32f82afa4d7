// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.crypto.envelope.frame;

import dev.strongroom.kms.crypto.DestroyableAesKey;
import dev.strongroom.kms.crypto.envelope.frame.FrameCipher.Part;
import java.nio.ByteBuffer;

/**
 * Makes a young JVM compile the JDK's AES-GCM.
 *
 * <p>Until then frames are worked on by the interpreter at some 60 MiB/s, a hundredth of the later
 * speed. The JVM compiles what is <em>called</em> often, and with long frames there are few calls:
 * the slow phase lasts up to two seconds. A few thousand short calls take a tenth of one and end
 * it.
 */
final class WarmUp {
  private static final int CALLS = 5000;
  private static final int LENGTH = 512;

  private WarmUp() {}

  /** Works on zeroes under a key of zeroes: nothing of it leaves this method. */
  static void run(FrameTask task) {
    FrameCipher cipher = FrameCipher.over(new DestroyableAesKey(new byte[32]), new byte[32]);
    ByteBuffer plaintext = ByteBuffer.allocate(LENGTH);
    ByteBuffer sealed = ByteBuffer.allocate(LENGTH + FrameCipher.TAG_BYTES);
    cipher.seal(Part.FRAME, CALLS + 1, plaintext, sealed);
    for (int sequence = 1; sequence <= CALLS; sequence++) {
      plaintext.clear();
      if (task instanceof FrameTask.Seal) {
        cipher.seal(Part.FRAME, sequence, plaintext, sealed.clear());
      } else {
        // The IV is still that of the sealing above.
        cipher.open(Part.FRAME, CALLS + 1, sealed.flip(), plaintext);
      }
    }
  }
}
