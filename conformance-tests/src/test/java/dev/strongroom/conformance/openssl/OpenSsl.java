// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.openssl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.strongroom.conformance.hsm.Rig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The program {@code openssl} and the files of a folder that it works on. */
final class OpenSsl {
  private final Path folder;

  OpenSsl(Path folder) {
    this.folder = folder;
  }

  /** Runs a command that has to succeed; a word that begins with {@code @} is a file. */
  String done(String... words) {
    Rig.Ended ended = run(words);
    assertEquals(0, ended.exitCode(), ended.printed());
    return ended.printed();
  }

  /** Runs a command that has to fail. */
  String refused(String... words) {
    Rig.Ended ended = run(words);
    assertNotEquals(0, ended.exitCode(), ended.printed());
    return ended.printed();
  }

  private Rig.Ended run(String... words) {
    List<String> arguments = new ArrayList<>();
    for (String word : words) {
      arguments.add(word.startsWith("@") ? folder.resolve(word.substring(1)).toString() : word);
    }
    return Rig.end(Map.of(), "openssl", arguments);
  }

  void write(String file, byte[] content) throws IOException {
    Files.write(folder.resolve(file), content);
  }

  byte[] read(String file) throws IOException {
    return Files.readAllBytes(folder.resolve(file));
  }

  void write(String file, Key publicKey) throws IOException {
    write(file, pem("PUBLIC KEY", publicKey.getEncoded()));
  }

  void write(String file, X509Certificate certificate)
      throws IOException, CertificateEncodingException {
    write(file, pem("CERTIFICATE", certificate.getEncoded()));
  }

  static byte[] pem(String type, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return ("-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
