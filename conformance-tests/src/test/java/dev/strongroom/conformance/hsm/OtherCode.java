// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.NativeLongByReference;
import java.nio.file.Path;
import java.util.Map;

/** Other code of this process that uses a module as it likes. */
final class OtherCode {
  private static final long SERIAL_SESSION = 4;

  private final NativeLibrary library;

  OtherCode(Path module) {
    library =
        NativeLibrary.getInstance(
            module.toString(), Map.of(Library.OPTION_OPEN_FLAGS, SessionObjects.RTLD_NOW));
  }

  /** Ends the library under everybody, begins it anew and opens a session without a login. */
  void restart() {
    call("C_Finalize", Pointer.NULL);
    call("C_Initialize", Pointer.NULL);
    open();
  }

  /** Opens a session and returns it. */
  long open() {
    NativeLongByReference session = new NativeLongByReference();
    call("C_OpenSession", slot(), SERIAL_SESSION, Pointer.NULL, Pointer.NULL, session);
    return session.getValue().longValue();
  }

  /** Closes the sessions of everybody in this process. */
  void closeAllSessions() {
    call("C_CloseAllSessions", slot());
  }

  /** Logs everybody in this process out. */
  void logout() {
    call("C_Logout", open());
  }

  private long slot() {
    Memory list = new Memory(64);
    NativeLongByReference count = new NativeLongByReference();
    count.setValue(new NativeLong(8));
    call("C_GetSlotList", (byte) 1, list, count);
    return list.getLong(0);
  }

  private void call(String function, Object... arguments) {
    Object code = library.getFunction(function).invoke(Long.class, arguments);
    if (!Long.valueOf(0).equals(code)) {
      throw new AssertionError(function + " returned " + code);
    }
  }
}
