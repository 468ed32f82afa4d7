// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.citizen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.packaging.Launched;
import dev.strongroom.conformance.packaging.Packaged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A JVM that has us first in {@code java.security} and does not use us: it does what it does
 * without us, and pays little. What it pays is counted in classes, which a loaded machine does not
 * change; each is about 0.3 ms.
 */
@Tag("jar")
class StartUpTest {
  /** What an AES round trip needs: the provider, its list, and the one SPI that JCA looks at. */
  private static final int MOST_CLASSES = 25;

  /** The same with RSA signatures and a KeyStore, for TLS. */
  private static final int MOST_CLASSES_WITH_TLS = 50;

  private static final String PASSWORD = "password";

  private final Path folder;

  StartUpTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** Puts us before the providers that this JDK has by itself. */
  private Path javaSecurity() throws IOException {
    List<String> names = new ArrayList<>(List.of("Strongroom"));
    String name = Security.getProperty("security.provider.1");
    while (name != null) {
      names.add(name);
      name = Security.getProperty("security.provider." + names.size());
    }
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      lines.add("security.provider." + (i + 1) + "=" + names.get(i));
    }
    return Files.write(folder.resolve("java.security"), lines);
  }

  private Launched run(String tool, List<String> options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
    command.addAll(options);
    Launched run = Launched.run(folder, Map.of("STRONGROOM_HOME", home().toString()), command);
    assertEquals(0, run.exitCode(), run.printed());
    return run;
  }

  private Path home() {
    return folder.resolve("home");
  }

  private List<String> java(boolean withUs, String... arguments) throws IOException {
    List<String> options = new ArrayList<>();
    if (withUs) {
      options.add("-Djava.security.properties=" + javaSecurity());
      options.add("-Xlog:class+load:file=" + folder.resolve("classes"));
    }
    options.addAll(
        List.of("-cp", Packaged.jar() + ":" + Path.of("target", "test-classes").toAbsolutePath()));
    options.addAll(Arrays.asList(arguments));
    return options;
  }

  private String keyFile() throws Exception {
    Path file = folder.resolve("keys.p12");
    run(
        "keytool",
        List.of(
            "-genkeypair",
            "-alias",
            "key",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-dname",
            "CN=localhost",
            "-keystore",
            file.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD));
    return file.toString();
  }

  private List<String> classesOfOurs() throws IOException {
    try (Stream<String> lines = Files.lines(folder.resolve("classes"))) {
      return lines
          .filter(
              line -> line.contains("strongroom.jar") || line.contains("source: dev.strongroom."))
          .filter(line -> !line.contains(" dev.strongroom.conformance."))
          .toList();
    }
  }

  private void assertCheap(int mostClasses) throws IOException {
    List<String> classes = classesOfOurs();
    List<String> heavy =
        classes.stream()
            .filter(
                line ->
                    line.contains(" com.sun.jna.")
                        || line.contains(" org.sqlite.")
                        || line.contains(".shaded.")
                        || line.contains("dev.strongroom.hsm.")
                        || line.contains("dev.strongroom.kms.storage.")
                        || line.contains("EmbeddedKms")
                        || line.contains("Lambda"))
            .toList();

    assertFalse(classes.isEmpty(), "we were not there at all");
    assertEquals(List.of(), heavy);
    assertTrue(classes.size() <= mostClasses, classes.size() + ": " + classes);
    assertFalse(Files.exists(home()));
  }

  @Test
  void javaPrintsItsVersion() throws Exception {
    assertEquals(
        run("java", java(false, "-version")).printed(),
        run("java", java(true, "-version")).printed());
    assertEquals(List.of(), classesOfOurs());
  }

  @Test
  void plainAesIsTheSameAndCheap() throws Exception {
    String program = OrdinaryProgram.class.getName();
    assertEquals(
        run("java", java(false, program, "aes")).printed(),
        run("java", java(true, program, "aes")).printed());
    assertCheap(MOST_CLASSES);
  }

  @Test
  void tlsWithOrdinaryKeysIsTheSameAndCheap() throws Exception {
    String program = OrdinaryProgram.class.getName();
    String file = keyFile();
    Launched without = run("java", java(false, program, "tls", file));
    Launched with = run("java", java(true, program, "tls", file));

    assertEquals(4, with.printed().lines().count(), with.printed());
    assertEquals(without.printed(), with.printed());
    assertCheap(MOST_CLASSES_WITH_TLS);
  }

  @Test
  void keytoolListsAFileTheSame() throws Exception {
    List<String> list =
        List.of("-list", "-v", "-keystore", keyFile(), "-storepass", PASSWORD, "-J-cp");
    List<String> without = new ArrayList<>(list);
    without.add("-J" + Packaged.jar());
    List<String> with = new ArrayList<>(without);
    with.add("-J-Djava.security.properties=" + javaSecurity());
    with.add("-J-Xlog:class+load:file=" + folder.resolve("classes"));

    assertEquals(run("keytool", without).printed(), run("keytool", with).printed());
    assertCheap(MOST_CLASSES_WITH_TLS);
  }
}
