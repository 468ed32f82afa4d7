// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jose;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.strongroom.jca.StrongroomProvider;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Security;

/** The whole program that signs a token; the README shows it. */
final class SignToken {
  private SignToken() {}

  public static void main(String[] arguments) throws Exception {
    Security.addProvider(new StrongroomProvider());
    KeyStore kms = KeyStore.getInstance("KMS");
    kms.load(null, null);
    PrivateKey key = (PrivateKey) kms.getKey("jwt", null);

    JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("jwt").build();
    SignedJWT token = new SignedJWT(header, new JWTClaimsSet.Builder().subject("alice").build());
    token.sign(new ECDSASigner(key, Curve.P_256));
    System.out.println(token.serialize());
  }
}
