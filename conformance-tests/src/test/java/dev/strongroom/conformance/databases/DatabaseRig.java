// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.databases;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The servers that {@code rig/databases.sh} fetched; skips tests where it could not. */
final class DatabaseRig {
  private static final Path FOLDER = Path.of("target", "databases").toAbsolutePath();
  private static final long NOBODY = 65534;
  private static final int SECONDS = 60;

  private DatabaseRig() {}

  /** Returns a file of the machine, or else of the rig. */
  static Path file(String path) throws IOException {
    Path installed = Path.of("/", path);
    if (Files.exists(installed)) {
      return installed;
    }
    Path why = FOLDER.resolve("UNAVAILABLE");
    String reason = Files.exists(why) ? Files.readString(why).strip() : "";
    assumeTrue(reason.isEmpty(), "skipped: " + reason);
    return FOLDER.resolve(path);
  }

  /** Returns a folder that the server's user may write to. */
  static Path folder() throws IOException {
    Path folder = Files.createTempDirectory("strongroom-database-");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    own(folder);
    return folder;
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  /** Gives a file to the server's user. */
  private static void own(Path file) throws IOException {
    if (isRoot()) {
      Files.setAttribute(file, "unix:uid", (int) NOBODY);
    }
  }

  /** Writes a private key in PEM that nobody but the server reads. */
  static Path privateKey(Path file, KeyPair pair) throws IOException {
    String pem =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n";
    Files.writeString(file, pem);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    own(file);
    return file;
  }

  static KeyPair rsa() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Starts a program as the server's user, who is not root; its output goes to {@code log}. */
  static Process start(Path log, List<String> command) throws IOException {
    List<String> whole = new ArrayList<>();
    if (isRoot()) {
      whole.addAll(
          List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--"));
    }
    whole.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(whole);
    builder.directory(new File("/"));
    builder.environment().put("LD_LIBRARY_PATH", libraries());
    builder.environment().put("LC_ALL", "C");
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private static String libraries() {
    try (Stream<Path> libraries =
        Files.find(FOLDER, 4, (p, a) -> a.isDirectory() && p.toString().endsWith("-linux-gnu"))) {
      return String.join(":", libraries.map(Path::toString).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a program to its end, with text as its standard input. */
  static void run(Path log, String input, List<String> command)
      throws IOException, InterruptedException {
    Process process = start(log, command);
    try (var in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    }
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new AssertionError(command.get(0) + " failed: " + Files.readString(log));
    }
  }

  /** Waits until a server has written that it is ready. */
  static void await(Process server, Path log, String ready)
      throws IOException, InterruptedException {
    for (int i = 0; i < 10 * SECONDS; i++) {
      if (Files.readString(log).contains(ready)) {
        return;
      }
      if (server.waitFor(100, TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    server.destroyForcibly();
    throw new AssertionError("The server did not start: " + Files.readString(log));
  }

  /** Stops a server and removes its folder. */
  static void stop(Process server, Path folder) throws IOException, InterruptedException {
    server.destroy();
    if (!server.waitFor(SECONDS, TimeUnit.SECONDS)) {
      server.destroyForcibly().waitFor();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
