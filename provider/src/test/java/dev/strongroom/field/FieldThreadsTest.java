// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.field;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FieldThreadsTest {
  private static final int THREADS = 8;
  private static final int MESSAGES = 5000;

  /** Data keys run out all the time here, so that threads meet at their ends as well. */
  @Test
  @Timeout(120)
  void threadsNeverUseAnIvTwiceUnderOneDataKey() throws Exception {
    try (Fields room = new Fields();
        FieldEncryptor fields = room.encryptor(FieldLimits.DEFAULT.withMaxMessages(1000))) {
      ExecutorService threads = Executors.newFixedThreadPool(THREADS);
      List<Future<List<byte[]>>> work = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int first = i * MESSAGES;
        work.add(threads.submit(() -> messages(fields, first)));
      }
      Set<ByteBuffer> keysAndIvs = new HashSet<>();
      for (Future<List<byte[]>> done : work) {
        done.get().forEach(message -> keysAndIvs.add(ByteBuffer.wrap(message, 0, 165)));
      }
      threads.shutdown();

      assertEquals(THREADS * MESSAGES, keysAndIvs.size());
      // A key's last messages may be taken by threads that come too late.
      long dataKeys = room.recorded("GenerateDataKey");
      assertTrue(dataKeys >= 40 && dataKeys <= 42, () -> dataKeys + " data keys");
    }
  }

  private static List<byte[]> messages(FieldEncryptor fields, int first) {
    List<byte[]> messages = new ArrayList<>();
    for (int i = first; i < first + MESSAGES; i++) {
      byte[] value = ByteBuffer.allocate(4).putInt(i).array();
      byte[] message = fields.encrypt(value);
      messages.add(message);
      if (i % 5 == 0) {
        assertArrayEquals(value, fields.decrypt(message));
      }
    }
    return messages;
  }
}
