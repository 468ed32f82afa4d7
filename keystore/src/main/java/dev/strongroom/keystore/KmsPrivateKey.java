// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.service.GetPublicKeyResult;
import dev.strongroom.kms.service.Kms;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * A reference to the private half of an asymmetric KMS key, with the public half itself.
 *
 * <p>It is about one generation of the key's material, which {@code metadata().keyMaterialId()}
 * names: when the key is rotated, signatures of this handle fit its public half and its certificate
 * as before. Decrypting RSA takes all generations.
 *
 * <p>The subclasses implement {@code RSAKey}, {@code ECKey} and their kind, which hold public
 * facts, and not {@code RSAPrivateKey} and the like: the JDK's providers would take those keys for
 * their own and fail on the missing private half.
 */
public abstract sealed class KmsPrivateKey extends KmsKeyHandle implements PrivateKey
    permits KmsRsaPrivateKey,
        KmsEcPrivateKey,
        KmsEdPrivateKey,
        KmsXecPrivateKey,
        KmsMlDsaPrivateKey,
        KmsMlKemPrivateKey {
  private static final long serialVersionUID = 1;

  private final transient PublicKey publicKey;

  KmsPrivateKey(Kms kms, Caller caller, KeyMetadata metadata, PublicKey publicKey) {
    super(kms, caller, metadata);
    this.publicKey = publicKey;
  }

  /** Returns a handle to the key that GetPublicKey told of. */
  public static KmsPrivateKey of(Kms kms, Caller caller, GetPublicKeyResult key) {
    return of(kms, caller, key.metadata(), key.publicKey());
  }

  static KmsPrivateKey of(Kms kms, Caller caller, KeyMetadata metadata, byte[] publicKey) {
    PublicKey key = JdkKeys.publicKey(metadata.spec().jcaName(), publicKey);
    return switch (metadata.spec().type()) {
      case RSA -> new KmsRsaPrivateKey(kms, caller, metadata, (RSAPublicKey) key);
      case EC -> new KmsEcPrivateKey(kms, caller, metadata, (ECPublicKey) key);
      case EDWARDS -> new KmsEdPrivateKey(kms, caller, metadata, (EdECPublicKey) key);
      case MONTGOMERY -> new KmsXecPrivateKey(kms, caller, metadata, (XECPublicKey) key);
      case ML_DSA -> new KmsMlDsaPrivateKey(kms, caller, metadata, key);
      case ML_KEM -> new KmsMlKemPrivateKey(kms, caller, metadata, key);
      case SYMMETRIC, HMAC ->
          throw new IllegalArgumentException(metadata.arn() + " has no private half");
    };
  }

  /** A private key stays with its public half: after a rotation it signs as it did. */
  @Override
  final String generation() {
    return metadata().keyMaterialId();
  }

  /**
   * Returns the key's parameters: the curve, or null where it has none.
   *
   * <p>Declared here, in the words of {@code java.security.AsymmetricKey}, which private keys
   * inherit from JDK 22 on: its default would answer null for a subclass that narrows the type, and
   * clash with that of {@code RSAKey}.
   */
  public abstract @Nullable AlgorithmParameterSpec getParams();

  /**
   * Returns the public half, a key of the JDK's own classes (of Bouncy Castle's for secp256k1,
   * which the JDK lacks), so that every provider verifies and encrypts with it. ML-DSA and ML-KEM
   * keys are of the JDK's classes from 24 on; before, they have an X.509 encoding to be read.
   */
  public final PublicKey publicKey() {
    return publicKey;
  }
}
