// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import dev.strongroom.hsm.HsmUri;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * NSS softokn with a fresh database, in a copy of the library: it reads where its database is when
 * it is initialized.
 */
public final class NssToken {
  /** A library serves one folder as long as the JVM lives, so each token has a copy of its own. */
  private static final List<String> LIBRARIES =
      List.of("libsoftokn3.so", "libfreebl3.so", "libfreeblpriv3.so");

  private final Path folder;

  private NssToken(Path folder) {
    this.folder = folder;
  }

  public static NssToken in(Path folder) {
    NssToken token = new NssToken(folder);
    copyLibraries(folder);
    Path pin = folder.resolve("pin");
    try {
      Files.writeString(pin, "password1234\n");
      Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Rig.run(Map.of(), "certutil", List.of("-N", "-d", "sql:" + folder, "-f", pin.toString()));
    return token;
  }

  private static void copyLibraries(Path folder) {
    Path rig = Objects.requireNonNull(Rig.file(LIBRARIES.get(0)).getParent());
    try {
      for (String library : LIBRARIES) {
        if (Files.exists(rig.resolve(library))) {
          Files.copy(rig.resolve(library), folder.resolve(library));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  HsmUri.Pkcs11 uri() {
    return (HsmUri.Pkcs11) HsmUri.parse(setting());
  }

  /** Returns the value for the setting {@code hsm}. */
  public String setting() {
    String initArgs =
        "configdir='sql:" + folder + "' certPrefix='' keyPrefix='' secmod='secmod.db' flags=";
    return "pkcs11:token=NSS%20Certificate%20DB?module-path="
        + folder.resolve(LIBRARIES.get(0))
        + "&pin-source=file:"
        + folder.resolve("pin")
        + "&x-init-args="
        + URLEncoder.encode(initArgs, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
