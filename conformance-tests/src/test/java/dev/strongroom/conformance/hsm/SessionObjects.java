// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.Map;

/** Counts the secret keys of a token that are session objects, with a session of its own. */
final class SessionObjects {
  private static final long CKA_CLASS = 0;
  private static final long CKA_TOKEN = 1;
  private static final long CKO_SECRET_KEY = 4;
  private static final long CKF_SERIAL_SESSION = 4;
  static final int RTLD_NOW = 2;
  private static final int MOST = 10_000;

  private final NativeLibrary module;

  /**
   * @param module initialized, in use and logged in to its only token
   */
  SessionObjects(Path module) {
    // Not RTLD_GLOBAL, JNA's default: copies of the library would then share their variables.
    Map<String, Integer> options = Map.of(Library.OPTION_OPEN_FLAGS, RTLD_NOW);
    this.module = NativeLibrary.getInstance(module.toString(), options);
  }

  long count() {
    Memory slots = new Memory(64);
    Memory result = new Memory(8);
    result.setLong(0, 8);
    call("C_GetSlotList", (byte) 1, slots, result);
    call("C_OpenSession", slots.getLong(0), CKF_SERIAL_SESSION, 0L, 0L, result);
    long session = result.getLong(0);
    try {
      return count(session);
    } finally {
      call("C_CloseSession", session);
    }
  }

  private long count(long session) {
    Memory values = new Memory(16);
    values.setLong(0, CKO_SECRET_KEY);
    values.setByte(8, (byte) 0);
    Memory template = new Memory(48);
    attribute(template, 0, CKA_CLASS, values, 8);
    attribute(template, 24, CKA_TOKEN, values.share(8), 1);
    Memory found = new Memory(8L * MOST);
    Memory count = new Memory(8);
    call("C_FindObjectsInit", session, template, 2L);
    call("C_FindObjects", session, found, (long) MOST, count);
    call("C_FindObjectsFinal", session);
    return count.getLong(0);
  }

  private static void attribute(Memory at, int offset, long type, Pointer value, long length) {
    at.setLong(offset, type);
    at.setPointer(offset + 8, value);
    at.setLong(offset + 16, length);
  }

  private void call(String name, Object... arguments) {
    Function function = module.getFunction(name);
    Object code = function.invoke(Long.class, arguments);
    if (!Long.valueOf(0).equals(code)) {
      throw new AssertionError(name + " returned " + code);
    }
  }
}
