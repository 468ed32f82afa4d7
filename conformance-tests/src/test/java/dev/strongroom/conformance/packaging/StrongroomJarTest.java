// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What may be in the jar, so that it fits beside any application's own libraries. */
@Tag("jar")
class StrongroomJarTest {
  private JarFile jar;

  @BeforeEach
  void open() throws IOException {
    jar = new JarFile(Packaged.jar().toFile());
  }

  @AfterEach
  void close() throws IOException {
    jar.close();
  }

  @Test
  void classesAreOursOrBoundToNativeCode() {
    Predicate<String> allowed =
        Pattern.compile("(dev/strongroom|com/sun/jna|org/sqlite)/.*").asMatchPredicate();

    assertEquals(List.of(), names(name -> name.endsWith(".class") && !allowed.test(name)));
  }

  /** That their libraries are not is what the test above says. */
  @Test
  void adaptersAreInside() {
    for (String adapter :
        List.of(
            "jpa/EncryptedStringConverter",
            "kafka/StrongroomProviderCreator",
            "mssql/KmsColumnKeyStoreProvider",
            "postgresql/KmsSslSocketFactory")) {
      assertTrue(has("dev/strongroom/adapter/" + adapter + ".class"), adapter);
    }
  }

  @Test
  void nothingIsForOneJavaVersionOnly() throws IOException {
    assertEquals(List.of(), names(name -> name.startsWith("META-INF/versions/")));
    assertNull(attributes().getValue("Multi-Release"));
  }

  @Test
  void jarIsNoModule() throws IOException {
    assertEquals(List.of(), names(name -> name.endsWith("module-info.class")));
    assertNull(attributes().getValue("Automatic-Module-Name"));
  }

  @Test
  void nothingIsSigned() throws IOException {
    assertEquals(List.of(), names(name -> name.matches("META-INF/.*\\.(SF|RSA|DSA|EC)")));
    assertEquals(0, jar.getManifest().getEntries().size());
  }

  @Test
  void onlyTheProviderIsFoundByServiceLoader() throws IOException {
    assertEquals(
        List.of("META-INF/services/java.security.Provider"),
        names(name -> name.startsWith("META-INF/services/")));
    assertEquals(
        "dev.strongroom.jca.StrongroomProvider",
        text("META-INF/services/java.security.Provider").strip());
  }

  @Test
  void manifestStartsTheCommandLineAndAllowsNativeCode() throws IOException {
    assertEquals("dev.strongroom.cli.Main", attributes().getValue(Attributes.Name.MAIN_CLASS));
    assertEquals("ALL-UNNAMED", attributes().getValue("Enable-Native-Access"));
  }

  @Test
  void supportedPlatformsHaveTheirNativeLibraries() {
    for (String platform : List.of("linux-x86-64", "linux-aarch64")) {
      assertTrue(has("com/sun/jna/" + platform + "/libjnidispatch.so"), platform);
    }
    for (String platform : List.of("darwin-x86-64", "darwin-aarch64")) {
      assertTrue(has("com/sun/jna/" + platform + "/libjnidispatch.jnilib"), platform);
    }
    for (String platform : List.of("Linux/x86_64", "Linux/aarch64", "Linux-Musl/x86_64")) {
      assertTrue(has("org/sqlite/native/" + platform + "/libsqlitejdbc.so"), platform);
    }
    for (String platform : List.of("Mac/x86_64", "Mac/aarch64")) {
      assertTrue(has("org/sqlite/native/" + platform + "/libsqlitejdbc.dylib"), platform);
    }
  }

  @Test
  void everyLibraryInsideIsNamedWithItsLicence() throws IOException {
    String thirdParty = text("META-INF/THIRD-PARTY.txt");
    TreeSet<String> shaded = new TreeSet<>();
    names(name -> name.startsWith("dev/strongroom/shaded/"))
        .forEach(name -> shaded.add(name.split("/", -1)[3]));

    assertTrue(shaded.size() >= 4, shaded::toString);
    for (String library : shaded) {
      assertTrue(thirdParty.contains("dev/strongroom/shaded/" + library), library);
    }
    assertTrue(thirdParty.contains("com/sun/jna") && thirdParty.contains("org/sqlite"));
  }

  @Test
  void noSourcePathOrUserNameOfTheBuildIsInside() throws IOException {
    String home = System.getProperty("user.home");
    for (String name : names(n -> n.matches("META-INF/(MANIFEST.MF|.*\\.(txt|properties|md))"))) {
      assertTrue(!text(name).contains(home), name);
    }
  }

  @Test
  void slimJarIsAModule() throws IOException {
    try (var files = Files.list(Packaged.jar().getParent())) {
      List<String> slim =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.matches("strongroom-provider-[^-]+(-SNAPSHOT)?\\.jar"))
              .toList();
      assertEquals(1, slim.size(), slim::toString);
      try (JarFile module = new JarFile(Packaged.jar().resolveSibling(slim.get(0)).toFile())) {
        assertTrue(module.getEntry("module-info.class") != null);
        assertNull(module.getEntry("org/apache/commons/cli/CommandLine.class"));
      }
    }
  }

  private Attributes attributes() throws IOException {
    return jar.getManifest().getMainAttributes();
  }

  private boolean has(String name) {
    return jar.getEntry(name) != null;
  }

  private List<String> names(Predicate<String> wanted) {
    return jar.stream()
        .filter(entry -> !entry.isDirectory())
        .map(JarEntry::getName)
        .filter(wanted)
        .toList();
  }

  private String text(String name) throws IOException {
    try (var in = jar.getInputStream(jar.getEntry(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
