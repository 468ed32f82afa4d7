// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The program curl of this machine; as a known client its key is in a file. */
final class Curl {
  private final List<String> options;

  private Curl(List<String> options) {
    this.options = options;
  }

  static Curl stranger(Identities identities) {
    return new Curl(List.of("--cacert", identities.rootPem().toString()));
  }

  static Curl known(Identities identities) {
    List<String> options = new ArrayList<>(stranger(identities).options);
    options.addAll(List.of("--cert", identities.clientPem().toString()));
    return new Curl(options);
  }

  /** Returns the page. */
  String get(String url) throws IOException, InterruptedException {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "curl"))),
        "skipped: there is no curl on the PATH");
    List<String> command = new ArrayList<>(List.of("curl", "-q", "-sS", "--fail-with-body"));
    command.addAll(List.of("--noproxy", "*", "--max-time", "30"));
    command.addAll(options);
    command.add(url);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String page = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), page);
    return page.strip();
  }
}
