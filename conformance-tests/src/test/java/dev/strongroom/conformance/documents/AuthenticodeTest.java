// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import dev.strongroom.conformance.fixture.Cmks;
import dev.strongroom.conformance.hsm.Rig;
import dev.strongroom.kms.CmkSpec;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jsign.AuthenticodeSigner;
import net.jsign.DigestAlgorithm;
import net.jsign.pe.PEFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthenticodeTest {
  private final Path folder;

  AuthenticodeTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @AfterEach
  void uninstall() {
    Cmks.uninstall();
  }

  @ParameterizedTest
  @CsvSource({
    "SOFTWARE, RSA_2048, SHA256",
    "SOFTWARE, RSA_2048, SHA512",
    "SOFTWARE, ECC_NIST_P256, SHA256",
    "SOFTWARE, ECC_NIST_P384, SHA384",
    "HSM, RSA_2048, SHA256",
    "HSM, ECC_NIST_P256, SHA256"
  })
  void osslsigncodeVerifiesWhatJsignSigned(Cmks cmks, CmkSpec spec, DigestAlgorithm hash)
      throws Exception {
    Signers signers = Signers.of(cmks.signing(spec));
    Path authority = signers.writeAuthority(folder);

    Path pinned = program("pinned.dll");
    sign(pinned, signer(signers, hash).withSignatureProvider(cmks.provider()));
    verifies(pinned, authority);

    Cmks.install();
    Path found = program("found.dll");
    sign(found, signer(signers, hash));
    verifies(found, authority);

    byte[] changed = Files.readAllBytes(found);
    changed[changed.length / 2]++;
    Files.write(found, changed);
    Rig.Ended refused = osslsigncode(found, authority);
    assertNotEquals(0, refused.exitCode(), refused.printed());
  }

  private static AuthenticodeSigner signer(Signers signers, DigestAlgorithm hash) {
    return new AuthenticodeSigner(signers.chain(), signers.key())
        .withProgramName("Größe µ")
        .withDigestAlgorithm(hash)
        .withTimestamping(false);
  }

  /** A Windows library that comes in a jar. */
  private Path program(String name) throws Exception {
    Path file = folder.resolve(name);
    try (InputStream in = Native.class.getResourceAsStream("win32-x86-64/jnidispatch.dll")) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  private static void sign(Path file, AuthenticodeSigner signer) throws Exception {
    try (PEFile program = new PEFile(file.toFile())) {
      signer.sign(program);
      program.save();
    }
  }

  private static void verifies(Path program, Path authority) {
    Rig.Ended ended = osslsigncode(program, authority);
    assertEquals(0, ended.exitCode(), ended.printed());
    assertTrue(ended.printed().contains("Signature verification: ok"), ended.printed());
  }

  private static Rig.Ended osslsigncode(Path program, Path authority) {
    return Rig.end(
        Map.of(),
        "osslsigncode",
        List.of("verify", "-CAfile", authority.toString(), "-in", program.toString()));
  }
}
