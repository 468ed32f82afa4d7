// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * SoftHSM2, where it is installed: a PKCS#11 module that keeps its tokens in files, for trying out
 * what later runs with a real HSM.
 *
 * @param module the library
 * @param util its tool {@code softhsm2-util}
 */
record SoftHsm(Path module, Path util) {

  /** The variable that names SoftHSM's configuration; the library reads it when it is loaded. */
  static final String CONF = "SOFTHSM2_CONF";

  private static final List<String> MODULES =
      List.of(
          "/usr/lib/softhsm/libsofthsm2.so",
          "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
          "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
          "/usr/lib64/softhsm/libsofthsm2.so",
          "/usr/lib64/pkcs11/libsofthsm2.so",
          "/usr/local/lib/softhsm/libsofthsm2.so",
          "/opt/homebrew/lib/softhsm/libsofthsm2.so");

  private static final int PIN_BYTES = 12;

  /** Looks in the places where systems put it; {@code softhsm2-util} on the path. */
  static Optional<SoftHsm> find(String searchPath) {
    Stream<Path> tools =
        Stream.of(searchPath.split(File.pathSeparator))
            .filter(folder -> !folder.isEmpty())
            .map(folder -> Path.of(folder, "softhsm2-util"));
    Optional<Path> util = tools.filter(Files::isExecutable).findFirst();
    return util.flatMap(SoftHsm::with);
  }

  /** The library is in a usual place, or beside a tool that was unpacked somewhere else. */
  private static Optional<SoftHsm> with(Path util) {
    Path root = util.toAbsolutePath().normalize();
    for (int i = 0; i < 3 && root.getParent() != null; i++) {
      root = root.getParent(); // …/usr/bin/softhsm2-util
    }
    Path prefix = root;
    return MODULES.stream()
        .flatMap(name -> Stream.of(prefix.resolve(name.substring(1)), Path.of(name)))
        .filter(Files::isReadable)
        .findFirst()
        .map(module -> new SoftHsm(module, util));
  }

  static Path configuration(Path folder) {
    return folder.resolve("softhsm2.conf");
  }

  /**
   * Makes a token of its own in a folder, and writes the PIN to {@code pin} there, mode 0600.
   *
   * @return the URI (RFC 7512) for the setting {@code hsm}
   */
  String makeToken(Path folder, String label) throws IOException {
    Path tokens = Files.createDirectory(folder.resolve("tokens"));
    Files.writeString(
        configuration(folder),
        "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
    String pin = randomPin();
    Path pinFile = writePrivately(folder.resolve("pin"), pin);
    run(folder, "--init-token", "--free", "--label", label, "--pin", pin, "--so-pin", randomPin());
    return "pkcs11:token=" + label + "?module-path=" + module + "&pin-source=file:" + pinFile;
  }

  /** Of a token that is thrown away with its folder: fit for the tool's command line. */
  private static String randomPin() {
    byte[] random = new byte[PIN_BYTES];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private static Path writePrivately(Path file, String text) throws IOException {
    FileAttribute<?> mode =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    return Files.writeString(Files.createFile(file, mode), text);
  }

  private void run(Path folder, String... arguments) throws IOException {
    ProcessBuilder tool = new ProcessBuilder(util.toString(), "--module", module.toString());
    tool.command().addAll(List.of(arguments));
    tool.environment().put(CONF, configuration(folder).toString());
    Process process = tool.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException("softhsm2-util could not make a token: " + printed);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while softhsm2-util made a token", e);
    }
  }
}
