// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code quickstart}: makes a folder with settings of its own and, where SoftHSM2 is installed, a
 * token, then tells the story in a second JVM, which has the environment that they need. SoftHSM
 * reads its configuration from there when it is loaded.
 */
final class Quickstart {
  static final String FOLDER = "--folder";
  private static final String LABEL = "strongroom-quickstart";

  private Quickstart() {}

  static Answer run(Call call) throws IOException {
    Path folder = makeFolder(call.arguments().find(FOLDER).map(Path::of));
    Optional<SoftHsm> softHsm = SoftHsm.find(Optional.ofNullable(System.getenv("PATH")).orElse(""));
    if (softHsm.isPresent()) {
      String uri = softHsm.get().makeToken(folder, LABEL);
      Files.writeString(folder.resolve("strongroom.properties"), "hsm = " + uri + "\n");
    }
    return Answer.none().withExitCode(tell(call, folder, softHsm.isPresent()));
  }

  private static Path makeFolder(Optional<Path> wanted) throws IOException {
    Path folder = wanted.orElse(Path.of(LABEL));
    for (int i = 2; wanted.isEmpty() && Files.exists(folder); i++) {
      folder = Path.of(LABEL + "-" + i);
    }
    boolean hasModes = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] mode =
        hasModes
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
            }
            : new FileAttribute<?>[0];
    return Files.createDirectory(folder, mode).toRealPath();
  }

  private static int tell(Call call, Path folder, boolean withToken) throws IOException {
    ProcessBuilder story = new ProcessBuilder(java());
    story.command().add(QuickstartStory.class.getName());
    story.command().add(folder.toString());
    story.environment().keySet().removeIf(name -> name.startsWith("STRONGROOM_"));
    story.environment().put("STRONGROOM_HOME", folder.toString());
    if (withToken) {
      story.environment().put(SoftHsm.CONF, SoftHsm.configuration(folder).toString());
    }
    Process process = story.redirectErrorStream(true).start();
    process.getOutputStream().close();
    copy(process, call);
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while the quickstart ran", e);
    }
  }

  private static List<String> java() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    return command;
  }

  /** Hands the story on as it is told. */
  private static void copy(Process process, Call call) throws IOException {
    byte[] buffer = new byte[4096];
    for (int n; (n = process.getInputStream().read(buffer)) >= 0; ) {
      call.terminal().out().write(buffer, 0, n);
      call.terminal().out().flush();
    }
  }
}
