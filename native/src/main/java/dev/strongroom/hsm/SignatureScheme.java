// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.hsm;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a backing key signs.
 *
 * @param kind the padding or curve equation
 * @param hash the hash whose output is signed; null for ECDSA and Ed25519, which do not name one
 * @param saltBytes length of the PSS salt in bytes; 0 for all others. MGF1 uses {@code hash}.
 */
public record SignatureScheme(Kind kind, @Nullable HashAlgorithm hash, int saltBytes) {

  public static final SignatureScheme ECDSA = new SignatureScheme(Kind.ECDSA, null, 0);
  public static final SignatureScheme ED25519 = new SignatureScheme(Kind.ED25519, null, 0);

  /** The four ways to sign. */
  public enum Kind {
    RSA_PKCS1,
    RSA_PSS,
    ECDSA,
    ED25519
  }

  /** RSASSA-PKCS1-v1_5 (RFC 8017 §8.2); the HSM or its binding adds the DigestInfo. */
  public static SignatureScheme pkcs1(HashAlgorithm hash) {
    return new SignatureScheme(Kind.RSA_PKCS1, Objects.requireNonNull(hash), 0);
  }

  /** RSASSA-PSS (RFC 8017 §8.1) with MGF1 over the same hash. */
  public static SignatureScheme pss(HashAlgorithm hash, int saltBytes) {
    return new SignatureScheme(Kind.RSA_PSS, Objects.requireNonNull(hash), saltBytes);
  }
}
