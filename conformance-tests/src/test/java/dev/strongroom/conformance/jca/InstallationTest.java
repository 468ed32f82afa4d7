// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jca;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.jca.StrongroomProvider;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.service.CreateKeyRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstallationTest {
  @TempDir private Path folder;
  private Path settings;

  @BeforeEach
  void makeKms() throws Exception {
    settings = Files.writeString(folder.resolve("strongroom.properties"), "name=blue\n");
    try (StrongroomProvider provider =
        (StrongroomProvider) new StrongroomProvider().configure(settings.toString())) {
      provider
          .kms()
          .createKey(
              provider.caller(),
              CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT).withAlias(new Alias("alias/app")));
    }
  }

  private static List<String> jdkProviders() {
    List<String> names = new ArrayList<>();
    String name = Security.getProperty("security.provider.1");
    while (name != null) {
      names.add(name);
      name = Security.getProperty("security.provider." + (names.size() + 1));
    }
    return names;
  }

  private String runWith(List<String> providers) throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < providers.size(); i++) {
      lines.add("security.provider." + (i + 1) + "=" + providers.get(i));
    }
    Path file = Files.write(folder.resolve("java.security"), lines);
    return ChildJvm.run(
        InstallationProgram.class, List.of("-Djava.security.properties=" + file), List.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Strongroom", "dev.strongroom.jca.StrongroomProvider"})
  void javaSecurityInstallsItLastWithItsSettings(String name) throws Exception {
    List<String> providers = jdkProviders();
    providers.add(name + " " + settings);
    String output = runWith(providers);

    assertTrue(output.contains("installed: Strongroom-blue"), output);
    assertTrue(output.contains("aliases: [app]"), output);
    assertTrue(output.contains("first: SUN"), output);
  }

  @Test
  void javaSecurityInstallsItFirstAndTheDefaultsStay() throws Exception {
    List<String> providers = jdkProviders();
    providers.add(0, "Strongroom " + settings);
    String output = runWith(providers);

    assertTrue(output.contains("first: Strongroom-blue"), output);
    assertTrue(output.contains("aliases: [app]"), output);
    assertTrue(output.contains("random: SUN"), output);
  }

  @Test
  void settingsThatAreNotThereLeaveTheJvmWithoutItAndRunning() throws Exception {
    List<String> providers = jdkProviders();
    providers.add("Strongroom " + folder.resolve("missing"));
    String output = runWith(providers);

    assertFalse(output.contains("installed"), output);
    assertTrue(output.contains("first: SUN"), output);
  }

  @Test
  void theServiceLoaderFindsIt() throws Exception {
    String output = ChildJvm.run(InstallationProgram.class, List.of(), List.of());
    assertTrue(output.contains("service loader: true"), output);
    assertEquals(
        1,
        ServiceLoader.load(Provider.class).stream()
            .filter(found -> found.type() == StrongroomProvider.class)
            .count());
  }

  private String keytool(String type, List<String> options) throws Exception {
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(List.of("-J-cp", "-J" + System.getProperty("java.class.path")));
    arguments.addAll(List.of("-list", "-keystore", "NONE", "-storetype", type, "-protected"));
    arguments.addAll(List.of("-addprovider", "Strongroom", "-providerarg", settings.toString()));
    return ChildJvm.tool("keytool", arguments);
  }

  @Test
  void keytoolListsOurKeysWithoutAskingForTheirPasswords() throws Exception {
    String output = keytool("KMS", List.of("-J--add-modules=java.sql"));

    assertTrue(output.contains("app, "), output);
    assertTrue(output.contains("SecretKeyEntry"), output);
  }

  @Test
  void keytoolTakesItForATokenWhereItHasTheNameOfOne() throws Exception {
    List<String> options = List.of("-J--add-modules=java.sql", "-J-Dstrongroom.pkcs11-alias=true");
    String output = keytool("PKCS11", options);

    assertTrue(output.contains("Keystore type: PKCS11"), output);
    assertTrue(output.contains("app, "), output);
  }

  /**
   * The JDK's tools start with the modules they need themselves, and java.sql is not among them.
   */
  @Test
  void keytoolWithoutTheSqlModuleIsToldWhatToAdd() {
    AssertionError failed = assertThrows(AssertionError.class, () -> keytool("KMS", List.of()));
    assertTrue(String.valueOf(failed.getMessage()).contains("-J--add-modules=java.sql"));
  }
}
