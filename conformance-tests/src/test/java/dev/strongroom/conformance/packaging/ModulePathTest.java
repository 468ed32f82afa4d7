// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.hsm.SoftHsmToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
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

  private static final String PRINTED = "hello from module dev.strongroom.provider";

  private final Path folder;
  private final Map<String, String> environment = new HashMap<>();

  ModulePathTest(@TempDir Path folder) {
    this.folder = folder;
    environment.put("STRONGROOM_HOME", folder.resolve("home").toString());
  }

  @Test
  void aModularProgramUsesTheSlimArtifactsAndNothingIsPrintedBesides() throws Exception {
    String modules = modules();
    Path classes = compiled(modules);

    List<Object> run = new ArrayList<>(nativeAccess("org.xerial.sqlitejdbc"));
    run.addAll(List.of("-p", modules + ":" + classes, "-m", "app/app.Program"));

    assertEquals(PRINTED, tool("java", run.toArray()).printed());
  }

  @Test
  void aModularProgramUsesAnHsmWhenItAddsJna() throws Exception {
    SoftHsmToken token = SoftHsmToken.in(Files.createDirectory(folder.resolve("token")));
    environment.put("SOFTHSM2_CONF", token.settings().toString());
    Path home = Files.createDirectory(folder.resolve("home"));
    Files.writeString(home.resolve("strongroom.properties"), "hsm=" + token.setting() + "\n");
    List<Object> init = new ArrayList<>(nativeAccess("ALL-UNNAMED"));
    init.addAll(List.of("-jar", Packaged.jar(), "init"));
    tool("java", init.toArray());
    String modules = modules() + ":" + ofTheClassPath("jna");
    Path classes = compiled(modules);

    List<Object> run = new ArrayList<>(nativeAccess("org.xerial.sqlitejdbc,com.sun.jna"));
    run.addAll(List.of("--add-modules", "com.sun.jna"));
    run.addAll(List.of("-p", modules + ":" + classes, "-m", "app/app.Program"));

    assertEquals(PRINTED, tool("java", run.toArray()).printed());
  }

  private Path compiled(String modules) throws Exception {
    Path sources = Files.createDirectories(folder.resolve("source").resolve("app"));
    Path descriptor = Files.writeString(sources.resolveSibling("module-info.java"), MODULE);
    Path program = Files.writeString(sources.resolve("Program.java"), PROGRAM);
    Path classes = folder.resolve("classes");
    Launched compiled = tool("javac", "-d", classes, "-p", modules, descriptor, program);
    assertEquals("", compiled.printed());
    return classes;
  }

  /** As the README says. */
  private static List<String> nativeAccess(String modules) {
    return Runtime.version().feature() >= 24
        ? List.of("--enable-native-access=" + modules)
        : List.of();
  }

  private Launched tool(String name, Object... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", name).toString());
    Stream.of(arguments).map(Object::toString).forEach(command::add);
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
    for (String library : List.of("jackson-core", "bcprov-jdk18on", "sqlite-jdbc", "commons-cli")) {
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
