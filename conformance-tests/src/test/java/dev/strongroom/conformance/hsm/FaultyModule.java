// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import dev.strongroom.hsm.HsmUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** A module in front of a token's, which fails as it is told; {@code faulty.c} is its source. */
public record FaultyModule(SoftHsmToken token, Path module) {
  private static final Path SOURCE = Path.of("src", "test", "c", "faulty.c").toAbsolutePath();

  /** Compiles a module in front of that token, in an empty folder. */
  public static FaultyModule before(SoftHsmToken token, Path folder) throws IOException {
    Path module = folder.resolve("faulty-" + token.module().getFileName());
    Rig.run(
        Map.of(),
        "cc",
        List.of(
            "-shared",
            "-fPIC",
            "-O1",
            "-Wall",
            "-Werror",
            "-o",
            module.toString(),
            SOURCE.toString(),
            "-ldl",
            "-lpthread"));
    Files.writeString(
        module.resolveSibling(module.getFileName() + ".module"), token.module() + "\n");
    token.select();
    return new FaultyModule(token, module);
  }

  /** Makes functions fail from now on, each line as {@code C_Login 0xA4}, in place of others. */
  public void fail(String... lines) throws IOException {
    Path faults = module.resolveSibling(module.getFileName() + ".faults");
    Path next = module.resolveSibling(module.getFileName() + ".next");
    Files.write(next, List.of(lines));
    Files.move(next, faults, StandardCopyOption.ATOMIC_MOVE);
  }

  public HsmUri.Pkcs11 uri(String... more) {
    return (HsmUri.Pkcs11) HsmUri.parse(setting() + String.join("", more));
  }

  /** Returns the value for the setting {@code hsm}. */
  public String setting() {
    return token.setting().replace(token.module().toString(), module.toString());
  }
}
