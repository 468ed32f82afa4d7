// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that is a module uses the slim artifacts as modules, and nothing warns. */
@Tag("jar")
class ModulePathTest {
  private static final String MODULE =
      """
      module app {
        requires dev.strongroom.provider;

        uses java.security.Provider;
      }
      """;

  private static final String PROGRAM =
      """
      package app;

      import dev.strongroom.jca.StrongroomProvider;
      import dev.strongroom.kms.Alias;
      import dev.strongroom.kms.CmkSpec;
      import dev.strongroom.kms.service.CreateKeyRequest;
      import java.security.*;
      import java.util.ServiceLoader;
      import javax.crypto.Cipher;

      public class Program {
        public static void main(String[] arguments) throws Exception {
          StrongroomProvider provider = (StrongroomProvider)
              ServiceLoader.load(Provider.class).stream()
                  .filter(found -> found.type() == StrongroomProvider.class)
                  .findFirst().orElseThrow().get();
          Security.addProvider(provider);
          provider.kms().createKey(
              provider.caller(),
              CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).withAlias(new Alias("alias/app")));
          KeyStore kms = KeyStore.getInstance("KMS");
          kms.load(null, null);
          Cipher cipher = Cipher.getInstance("Kms");
          cipher.init(Cipher.ENCRYPT_MODE, kms.getKey("app", null));
          byte[] blob = cipher.doFinal("hello".getBytes());
          cipher.init(Cipher.DECRYPT_MODE, kms.getKey("app", null));
          System.out.println(new String(cipher.doFinal(blob)) + " from " + provider.getClass().getModule());
        }
      }
      """;

  private final Path folder;

  ModulePathTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void aModularProgramUsesTheSlimArtifactsAndNothingIsPrintedBesides() throws Exception {
    Path sources = Files.createDirectories(folder.resolve("source").resolve("app"));
    Path descriptor = Files.writeString(sources.resolveSibling("module-info.java"), MODULE);
    Path program = Files.writeString(sources.resolve("Program.java"), PROGRAM);
    Path classes = folder.resolve("classes");
    String modules = modules();
    Launched compiled = tool("javac", "-d", classes, "-p", modules, descriptor, program);
    assertEquals("", compiled.printed());

    List<Object> run = new ArrayList<>();
    if (Runtime.version().feature() >= 24) {
      run.add("--enable-native-access=org.xerial.sqlitejdbc"); // as the README says
    }
    run.addAll(List.of("-p", modules + ":" + classes, "-m", "app/app.Program"));

    assertEquals(
        "hello from module dev.strongroom.provider", tool("java", run.toArray()).printed());
  }

  private Launched tool(String name, Object... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", name).toString());
    Stream.of(arguments).map(Object::toString).forEach(command::add);
    Map<String, String> environment = Map.of("STRONGROOM_HOME", folder.resolve("home").toString());
    Launched launched = Launched.run(folder, environment, command);
    assertEquals(0, launched.exitCode(), launched.printed());
    return launched;
  }

  /** Returns the slim artifacts and the libraries that they name; JNA is for HSMs only. */
  private static String modules() throws IOException {
    List<Path> jars = new ArrayList<>();
    for (String module : List.of("native", "keystore", "provider")) {
      jars.add(slim(Path.of("..", module, "target"), "strongroom-" + module));
    }
    for (String library : List.of("jackson-core", "bcprov-jdk18on", "sqlite-jdbc", "picocli")) {
      jars.add(ofTheClassPath(library));
    }
    return jars.stream()
        .map(jar -> jar.toAbsolutePath().normalize().toString())
        .collect(Collectors.joining(":"));
  }

  private static Path slim(Path target, String name) throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      List<Path> found = files.filter(file -> isVersionOf(file, name)).toList();
      assertEquals(1, found.size(), found + ": run 'mvn verify', which makes it");
      return found.get(0);
    }
  }

  private static Path ofTheClassPath(String name) {
    List<Path> found =
        Stream.of(System.getProperty("java.class.path", "").split(":", -1))
            .map(Path::of)
            .filter(file -> isVersionOf(file, name))
            .toList();
    assertTrue(!found.isEmpty(), name);
    return found.get(0);
  }

  private static boolean isVersionOf(Path file, String name) {
    return String.valueOf(file.getFileName()).matches(name + "-[0-9.]+(-SNAPSHOT)?\\.jar");
  }
}
