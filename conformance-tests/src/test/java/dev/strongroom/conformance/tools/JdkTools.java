// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.packaging.Launched;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Runs keytool and jarsigner of this JDK as users do, over the KeyStore of a KMS. */
final class JdkTools {
  private static final List<String> KEY_STORE =
      List.of("-keystore", "NONE", "-storetype", "KMS", "-addprovider", "Strongroom");

  // Launched drops names that begin with STRONGROOM_.
  private static final String PASSWORD = "KEYSTORE_PASSWORD";

  private final KmsHome home;
  private final Path folder;

  JdkTools(KmsHome home, Path folder) {
    this.home = home;
    this.folder = folder;
  }

  /**
   * Runs keytool on the KeyStore of the KMS. The access key comes from an environment variable:
   * without a password keytool asks for that of each key, unless it only lists.
   */
  Launched keytool(String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(KEY_STORE);
    all.addAll(List.of("-providerarg", home.settings().toString()));
    all.addAll(List.of("-storepass:env", PASSWORD));
    return run("keytool", all);
  }

  /** As {@link #keytool}, and expects success. */
  String keytoolDone(String... arguments) throws IOException, InterruptedException {
    return done(keytool(arguments));
  }

  /** Signs with a key of the KMS. */
  String sign(String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(KEY_STORE);
    all.addAll(List.of("-providerArg", home.settings().toString()));
    all.addAll(List.of("-storepass:env", PASSWORD));
    Collections.addAll(all, arguments);
    return done(run("jarsigner", all));
  }

  /** Runs jarsigner without us. */
  Launched plainJarsigner(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(tool("jarsigner")));
    Collections.addAll(command, arguments);
    return Launched.run(folder, Map.of(), command);
  }

  private Launched run(String name, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(tool(name));
    command.addAll(List.of("-J-cp", "-J" + System.getProperty("java.class.path")));
    command.addAll(List.of("-J--add-modules=java.sql", "-J-XX:TieredStopAtLevel=1"));
    if (Runtime.version().feature() >= 22) {
      command.add("-J--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(arguments);
    return Launched.run(folder, Map.of(PASSWORD, home.password()), command);
  }

  private static String tool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  private static String done(Launched launched) {
    assertEquals(0, launched.exitCode(), launched.printed());
    return launched.printed();
  }
}
