// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.SignRequest;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.spec.AlgorithmParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs by one call of KMS Sign with the private half of a KMS key.
 *
 * <p>Keys that are not ours are refused with an InvalidKeyException, on which JCA asks the next
 * provider. That goes for every public key: ours are ordinary keys, which others verify with.
 *
 * @param <K> the handles that a subclass takes
 */
abstract class KmsSignatureSpi<K extends KmsPrivateKey> extends SignatureSpi {
  private final String name;
  private final Class<K> handles;
  private @Nullable K key;

  KmsSignatureSpi(String name, Class<K> handles) {
    this.name = name;
    this.handles = handles;
  }

  /** Forgets the message. */
  abstract void reset();

  /** Returns what the KMS is asked to sign; the message is forgotten. */
  abstract SignRequest request() throws SignatureException;

  /** Returns the signature in this algorithm's encoding; {@code signature} is the KMS's. */
  byte[] encode(byte[] signature, K signer) {
    return signature;
  }

  /** Takes parameters once there is a key; null is no parameters. */
  void acceptParameters(@Nullable AlgorithmParameterSpec parameters)
      throws InvalidAlgorithmParameterException {
    if (parameters != null) {
      throw new InvalidAlgorithmParameterException(name + " takes no parameters");
    }
  }

  @Override
  protected void engineInitSign(PrivateKey privateKey) throws InvalidKeyException {
    K handle = JcaErrors.ours(privateKey, handles, "Signature " + name);
    if (handle.metadata().usage() != KeyUsage.SIGN_VERIFY) {
      throw new InvalidKeyException(
          handle.arn()
              + " is for "
              + handle.metadata().usage()
              + ". Make a key with --key-usage SIGN_VERIFY to sign.");
    }
    key = handle;
    reset();
  }

  @Override
  protected void engineInitVerify(PublicKey publicKey) throws InvalidKeyException {
    throw new InvalidKeyException(
        "Signatures of KMS keys are verified by any other provider of "
            + name
            + ". Do not name provider Strongroom to verify.");
  }

  @Override
  protected byte[] engineSign() throws SignatureException {
    if (key == null) {
      throw new SignatureException("Signature " + name + " was not initialised for signing");
    }
    SignRequest request = request();
    try {
      return encode(key.kms().sign(key.caller(), key.arn(), request), key);
    } catch (KmsException e) {
      throw JcaErrors.signing(e);
    }
  }

  @Override
  protected boolean engineVerify(byte[] signature) throws SignatureException {
    throw new SignatureException("Signature " + name + " was not initialised for verification");
  }

  /**
   * Takes parameters. Before there is a key they are refused, so that JCA asks the next provider:
   * it fixes the provider here, and the key may be anybody's.
   */
  @Override
  protected void engineSetParameter(@Nullable AlgorithmParameterSpec parameters)
      throws InvalidAlgorithmParameterException {
    if (key == null) {
      throw new InvalidAlgorithmParameterException(
          "Call initSign with a KMS key before setParameter of " + name);
    }
    acceptParameters(parameters);
  }

  @Override
  @Deprecated
  protected void engineSetParameter(String parameter, Object value) {
    throw new UnsupportedOperationException("Use setParameter(AlgorithmParameterSpec)");
  }

  @Override
  @Deprecated
  protected Object engineGetParameter(String parameter) {
    throw new UnsupportedOperationException("Use getParameters()");
  }
}
