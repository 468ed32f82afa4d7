// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jose;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import dev.strongroom.conformance.fixture.Cmks;
import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.CmkSpec;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Its own algorithms cannot have KMS keys; a small one of the application's can. */
class JavaJwtTest {
  @BeforeEach
  void install() {
    Cmks.install();
  }

  @AfterEach
  void uninstall() {
    Cmks.uninstall();
  }

  @ParameterizedTest
  @EnumSource
  void rsaKeysSignTokensThatJavaJwtVerifies(Cmks cmks) {
    KmsPrivateKey key = cmks.rsa();
    verifies(KmsJavaJwt.rs256(key), Algorithm.RSA256((RSAPublicKey) key.publicKey(), null));
  }

  @ParameterizedTest
  @EnumSource
  void eccKeysSignTokensThatJavaJwtVerifies(Cmks cmks) {
    KmsPrivateKey key = cmks.ec(CmkSpec.ECC_NIST_P256);
    verifies(KmsJavaJwt.es256(key), Algorithm.ECDSA256((ECPublicKey) key.publicKey(), null));
  }

  private static void verifies(Algorithm signing, Algorithm verifying) {
    String token = JWT.create().withSubject("Größe µ").sign(signing);
    assertEquals("Größe µ", JWT.require(verifying).build().verify(token).getSubject());
  }
}
