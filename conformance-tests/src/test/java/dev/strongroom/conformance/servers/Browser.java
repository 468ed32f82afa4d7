// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strongroom.conformance.hsm.Rig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The headless Chromium that {@code rig/browser.sh} fetched, with a home of its own. */
final class Browser {
  private static final Path FOLDER = Path.of("target", "browser").toAbsolutePath();
  private static final int SECONDS = 60;

  private final Path home;

  private Browser(Path home) {
    this.home = home;
  }

  /** Makes a browser with an empty folder as its home, that trusts a root certificate in PEM. */
  static Browser in(Path home, Path rootPem) throws IOException {
    Path why = FOLDER.resolve("UNAVAILABLE");
    assumeTrue(
        Files.isExecutable(FOLDER.resolve("browser")),
        "skipped: " + (Files.exists(why) ? Files.readString(why).strip() : "there is no browser"));
    String trusted = "sql:" + Files.createDirectories(home.resolve(".pki/nssdb"));
    Rig.run(Map.of(), "certutil", List.of("-N", "-d", trusted, "--empty-password"));
    Rig.run(
        Map.of(),
        "certutil",
        List.of("-A", "-d", trusted, "-n", "root", "-t", "C,,", "-i", rootPem.toString()));
    return new Browser(home);
  }

  /** Opens a page, and returns the document that it has become. */
  String open(String url) throws IOException, InterruptedException {
    return run("--dump-dom", url);
  }

  private String run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(FOLDER.resolve("browser").toString()));
    command.add("--user-data-dir=" + home.resolve("profile"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("HOME", home.toString());
    Path log = home.resolve("log");
    Process process = builder.redirectError(log.toFile()).start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "The browser goes on");
    assertEquals(0, process.exitValue(), Files.readString(log));
    return printed;
  }
}
