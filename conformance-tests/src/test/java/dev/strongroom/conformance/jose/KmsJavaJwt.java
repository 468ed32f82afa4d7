// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jose;

import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.SignatureGenerationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;

/**
 * RS256 or ES256 for java-jwt with any {@code PrivateKey}: its own algorithms take only an {@code
 * RSAPrivateKey} or {@code ECPrivateKey}, which hold the private half.
 */
final class KmsJavaJwt extends Algorithm {
  private final String jcaName;
  private final PrivateKey key;

  private KmsJavaJwt(String name, String jcaName, PrivateKey key) {
    super(name, jcaName);
    this.jcaName = jcaName;
    this.key = key;
  }

  static Algorithm rs256(PrivateKey key) {
    return new KmsJavaJwt("RS256", "SHA256withRSA", key);
  }

  /** ES256 is r and s, each of 32 bytes (RFC 7518 §3.4). */
  static Algorithm es256(PrivateKey key) {
    return new KmsJavaJwt("ES256", "SHA256withECDSAinP1363Format", key);
  }

  @Override
  public byte[] sign(byte[] content) {
    try {
      Signature signature = Signature.getInstance(jcaName);
      signature.initSign(key);
      signature.update(content);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new SignatureGenerationException(this, e);
    }
  }

  @Override
  public byte[] sign(byte[] header, byte[] payload) {
    byte[] content = new byte[header.length + 1 + payload.length];
    System.arraycopy(header, 0, content, 0, header.length);
    content[header.length] = '.';
    System.arraycopy(payload, 0, content, header.length + 1, payload.length);
    return sign(content);
  }

  @Override
  public void verify(DecodedJWT token) {
    throw new UnsupportedOperationException("Verify with Algorithm.RSA256(publicKey, null)");
  }
}
