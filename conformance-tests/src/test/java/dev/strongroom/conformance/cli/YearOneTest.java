// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.cli;

import dev.strongroom.conformance.hsm.Rig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's year of a key, on two SoftHSM2 tokens. */
@Tag("jar")
class YearOneTest {

  @Test
  void keyLivesThroughItsFirstYear(@TempDir Path folder) throws Exception {
    Path library = Rig.file("libsofthsm2.so");
    Path settings =
        Files.writeString(
            folder.resolve("softhsm2.conf"),
            "directories.tokendir = "
                + Files.createDirectory(folder.resolve("tokens"))
                + "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n");
    Terminal terminal = new Terminal(folder);
    terminal.name("SOFTHSM", library.toString());
    terminal.set("SOFTHSM2_CONF", settings.toString());
    terminal.addPrograms(tool(folder, library));

    terminal.run(Path.of("src", "test", "resources", "cli", "hsm", "year-one.txt"));
  }

  /** Returns a folder with SoftHSM2's program as it is where SoftHSM2 is installed. */
  private static Path tool(Path folder, Path library) throws IOException {
    Path programs = Files.createDirectory(folder.resolve("programs"));
    Path tool =
        Files.writeString(
            programs.resolve("softhsm2-util"),
            "#!/bin/sh\nLD_LIBRARY_PATH='%s' exec '%s' --module '%s' \"$@\"\n"
                .formatted(Rig.libraries(), Rig.program("softhsm2-util"), library));
    Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
    return programs;
  }
}
