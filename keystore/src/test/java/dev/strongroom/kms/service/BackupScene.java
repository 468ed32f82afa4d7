// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;

/** Homes that a backup is made in, and restored into. */
final class BackupScene {
  private final Path folder;

  BackupScene(Path folder) {
    this.folder = folder;
  }

  Path source() {
    return folder.resolve("source");
  }

  KmsFixture open() {
    return KmsFixture.in(source());
  }

  /** Returns settings of a place that has no KMS yet but the key file of the source. */
  KmsConfig elsewhere(String name, String... settings) throws IOException {
    return settings(name, "hsm=embedded:" + source().resolve("domain.p12"), settings);
  }

  /** Returns settings of a place that has nothing. */
  KmsConfig bare(String name, String... settings) throws IOException {
    return settings(name, "name=" + name, settings);
  }

  private KmsConfig settings(String name, String first, String... settings) throws IOException {
    Path home = Files.createDirectories(folder.resolve(name));
    Files.writeString(
        home.resolve("strongroom.properties"), first + "\n" + String.join("\n", settings) + "\n");
    return KmsConfig.inHome(home);
  }

  /** Returns a restored KMS, with the access key of the source. */
  static EmbeddedKms opened(KmsConfig config) {
    return KmsAssembly.open(config, () -> {});
  }

  /** Returns the root of a restored KMS, by the access key that it had in the source. */
  Caller root(Kms kms) {
    try (Credentials credentials = KmsConfig.inHome(source()).credentials().orElseThrow()) {
      return kms.authenticate(credentials.accessKeyId(), credentials.secret());
    }
  }

  /** Writes the two PEM files of a recipient and returns the private one's. */
  Path recipient(String name) throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(3072);
    KeyPair pair = generator.generateKeyPair();
    pem(folder.resolve(name + ".pub"), "PUBLIC KEY", pair.getPublic().getEncoded());
    return pem(folder.resolve(name + ".pem"), "PRIVATE KEY", pair.getPrivate().getEncoded());
  }

  private static Path pem(Path file, String label, byte[] der) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return Files.writeString(
        file, "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n");
  }

  Path publicKey(String name) {
    return folder.resolve(name + ".pub");
  }
}
