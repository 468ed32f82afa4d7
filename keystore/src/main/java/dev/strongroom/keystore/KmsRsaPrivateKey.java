// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.service.Kms;
import java.math.BigInteger;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * A reference to the private half of an RSA key of a KMS.
 *
 * <p>It tells its modulus, and nothing more: without it JSSE finds no signature scheme for the key.
 */
public final class KmsRsaPrivateKey extends KmsPrivateKey implements RSAKey {
  private static final long serialVersionUID = 1;

  private final transient BigInteger modulus;

  KmsRsaPrivateKey(Kms kms, Caller caller, KeyMetadata metadata, RSAPublicKey publicKey) {
    super(kms, caller, metadata, publicKey);
    this.modulus = publicKey.getModulus();
  }

  @Override
  public BigInteger getModulus() {
    return modulus;
  }

  /** Returns null: the key is not tied to parameters. */
  @Override
  public @Nullable AlgorithmParameterSpec getParams() {
    return null;
  }
}
