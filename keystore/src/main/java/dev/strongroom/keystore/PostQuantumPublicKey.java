// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import java.security.PublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The public half of an ML-DSA or ML-KEM key on a JDK that has no class for it (before 24): its
 * X.509 encoding, which the KeyFactory of a later JDK or of Bouncy Castle reads. Immutable.
 */
final class PostQuantumPublicKey implements PublicKey {
  private static final long serialVersionUID = 1;

  private final String algorithm;
  private final String parameterSet;
  private final byte[] encoded;

  /** Takes ownership of {@code encoded}. */
  PostQuantumPublicKey(String algorithm, String parameterSet, byte[] encoded) {
    this.algorithm = algorithm;
    this.parameterSet = parameterSet;
    this.encoded = encoded;
  }

  /** Returns {@code ML-DSA} or {@code ML-KEM}, as the JDK's keys do. */
  @Override
  public String getAlgorithm() {
    return algorithm;
  }

  @Override
  public String getFormat() {
    return "X.509";
  }

  @Override
  public byte[] getEncoded() {
    return encoded.clone();
  }

  /** Returns the parameter set, for example ML-DSA-65; JDK 22 and later call this. */
  public AlgorithmParameterSpec getParams() {
    return new NamedParameterSpec(parameterSet);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PublicKey key
        && "X.509".equals(key.getFormat())
        && Arrays.equals(encoded, key.getEncoded());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded);
  }

  @Override
  public String toString() {
    return parameterSet + " public key";
  }
}
