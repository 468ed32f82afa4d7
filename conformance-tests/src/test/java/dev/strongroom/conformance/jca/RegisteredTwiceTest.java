// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jca;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.jca.StrongroomProvider;
import dev.strongroom.kms.CmkSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two parts of a program register us, each for itself: they get one KMS between them. */
class RegisteredTwiceTest {
  private static final byte[] MESSAGE = {1, 2, 3};

  private final Path folder;
  private KmsHome home;

  RegisteredTwiceTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeEach
  void make() throws Exception {
    home = KmsHome.in(folder);
    home.create(CmkSpec.SYMMETRIC_DEFAULT, "app");
  }

  @AfterEach
  void remove() {
    Security.removeProvider(home.provider().getName());
    home.close();
  }

  private StrongroomProvider another() {
    return (StrongroomProvider) new StrongroomProvider().configure(home.settings().toString());
  }

  private static long installed() {
    return Stream.of(Security.getProviders())
        .filter(provider -> provider instanceof StrongroomProvider)
        .count();
  }

  private static byte[] crypt(int mode, Key key, byte[] input) throws Exception {
    Cipher cipher = Cipher.getInstance("Kms");
    cipher.init(mode, key);
    return cipher.doFinal(input);
  }

  @Test
  void theSecondRegistrationChangesNothing() throws Exception {
    assertEquals(1, Security.insertProviderAt(home.provider(), 1));
    try (StrongroomProvider second = another()) {
      assertEquals(-1, Security.insertProviderAt(second, 1));
      assertEquals(-1, Security.insertProviderAt(home.provider(), 2));
      assertEquals(-1, Security.addProvider(second));

      assertEquals(1, installed());
      assertSame(home.provider(), Security.getProviders()[0]);
      KeyStore keyStore = KeyStore.getInstance("KMS");
      keyStore.load(null, null);
      Key key = keyStore.getKey("app", null);
      byte[] blob = crypt(Cipher.ENCRYPT_MODE, key, MESSAGE);
      assertArrayEquals(MESSAGE, crypt(Cipher.DECRYPT_MODE, key, blob));
    }
  }

  @Test
  void closingTheOneThatWasNotTakenLeavesTheOtherOneWorking() throws Exception {
    Security.addProvider(home.provider());
    StrongroomProvider second = another();
    assertSame(home.kms(), second.kms());

    second.close();

    KeyStore keyStore = home.keyStore();
    assertTrue(crypt(Cipher.ENCRYPT_MODE, keyStore.getKey("app", null), MESSAGE).length > 100);
  }

  @Test
  void theOneOfTheServiceLoaderIsAnotherInstanceAndOpensNothing() {
    Security.addProvider(home.provider());
    Provider found =
        ServiceLoader.load(Provider.class).stream()
            .filter(candidate -> candidate.type() == StrongroomProvider.class)
            .findFirst()
            .orElseThrow()
            .get();

    assertEquals("Strongroom", found.getName());
    assertEquals(-1, Security.addProvider(found));
    assertEquals(1, installed());
    assertNull(found.getService("KeyGenerator", "AES"));
  }

  /** As a line in java.security for the JVM, and once more for an application. */
  @Test
  void twoLinesInJavaSecurityAreOneProvider() throws Exception {
    List<String> names = new ArrayList<>(List.of("Strongroom " + home.settings()));
    String name = Security.getProperty("security.provider.1");
    for (int i = 2; name != null; i++) {
      names.add(name);
      name = Security.getProperty("security.provider." + i);
    }
    names.add("Strongroom " + home.settings());
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      lines.add("security.provider." + (i + 1) + "=" + names.get(i));
    }
    Path file = Files.write(folder.resolve("java.security"), lines);

    String output =
        ChildJvm.run(
            InstallationProgram.class, List.of("-Djava.security.properties=" + file), List.of());

    assertTrue(output.contains("first: Strongroom"), output);
    assertEquals(1, output.lines().filter("installed: Strongroom"::equals).count(), output);
    assertTrue(output.contains("aliases: [app]"), output);
  }
}
