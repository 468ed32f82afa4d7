// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.strongroom.conformance.fixture.KmsHome;
import dev.strongroom.conformance.packaging.Launched;
import dev.strongroom.kms.CmkSpec;
import java.nio.file.Path;
import java.security.interfaces.ECPublicKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignTokenTest {
  @Test
  void theProgramOfTheReadmeSignsAToken(@TempDir Path folder) throws Exception {
    try (KmsHome home = KmsHome.in(folder.resolve("home"))) {
      home.create(CmkSpec.ECC_NIST_P256, "jwt");
      Launched ended =
          Launched.java(
              folder,
              home.jvmOptions(),
              List.of(Path.of(System.getProperty("java.class.path"))),
              SignToken.class.getName());

      assertEquals(0, ended.exitCode(), ended.printed());
      // Beside a line of SLF4J on the error stream, where it has nobody to log to.
      String line = ended.printed().lines().filter(l -> l.startsWith("eyJ")).findFirst().orElse("");
      SignedJWT token = SignedJWT.parse(line);
      ECPublicKey publicKey = (ECPublicKey) home.privateKey("jwt").publicKey();
      assertTrue(token.verify(new ECDSAVerifier(publicKey)));
      assertEquals("alice", token.getJWTClaimsSet().getSubject());
    }
  }
}
