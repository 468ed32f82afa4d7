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

/**
 * A reference to the private half of an asymmetric KMS key, with the public half itself.
 *
 * <p>The subclasses implement {@code RSAKey}, {@code ECKey} and {@code EdECKey}, which hold public
 * facts, and not {@code RSAPrivateKey} and the like: the JDK's providers would take those keys for
 * their own and fail on the missing private half. Each declares {@code getParams()} itself, because
 * JDK 22 and later inherit two different defaults of it.
 */
public abstract sealed class KmsPrivateKey extends KmsKeyHandle implements PrivateKey
    permits KmsRsaPrivateKey, KmsEcPrivateKey, KmsEdPrivateKey {
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
      case SYMMETRIC, HMAC ->
          throw new IllegalArgumentException(metadata.arn() + " has no private half");
    };
  }

  /**
   * Returns the public half, a key of the JDK's own classes (of Bouncy Castle's for secp256k1,
   * which the JDK lacks), so that every provider verifies and encrypts with it.
   */
  public final PublicKey publicKey() {
    return publicKey;
  }
}
