// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsRsaPrivateKey;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.service.SignRequest;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * {@code RSASSA-PSS}, and {@code SHA256withRSAandMGF1} and its kind, which have default parameters.
 *
 * <p>Parameters come before the key, after it, or with it. Coming first they fix the provider, so
 * the key may be anybody's: a foreign one is passed on (see {@link OtherProviders}), and parameters
 * are checked against what KMS keys can do only when there is one of ours.
 */
final class KmsPssSignatureSpi extends KmsSignatureSpi<KmsRsaPrivateKey> {
  private final String name;
  private @Nullable PSSParameterSpec parameters;
  private boolean signing;
  // Set once JCA has fixed this object, whatever keys and parameters follow.
  private boolean chosen;
  private boolean updated;
  private @Nullable MessageDigest digest;
  private @Nullable Signature other;

  /**
   * @param defaults null where the caller must set parameters before data
   */
  KmsPssSignatureSpi(String name, @Nullable PSSParameterSpec defaults) {
    super(name, KmsRsaPrivateKey.class);
    this.name = name;
    this.parameters = defaults;
  }

  @Override
  protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
    try {
      if (key instanceof KmsRsaPrivateKey) {
        initOurs(key);
      } else {
        signing = false;
        pass(key, signature -> signature.initSign(key));
      }
    } catch (InvalidAlgorithmParameterException e) {
      throw new InvalidKeyException(e.getMessage(), e);
    }
  }

  private void initOurs(PrivateKey key)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    SigningAlgorithm algorithm = parameters == null ? null : PssParameters.algorithm(parameters);
    super.engineInitSign(key);
    other = null;
    signing = true;
    digest = algorithm == null ? null : Hashes.of(algorithm.hash());
  }

  @Override
  protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
    signing = false;
    try {
      pass(key, signature -> signature.initVerify(key));
    } catch (InvalidAlgorithmParameterException e) {
      throw new InvalidKeyException(e.getMessage(), e);
    }
  }

  private interface Start {
    void on(Signature signature) throws InvalidKeyException;
  }

  private void pass(@Nullable Key key, Start start)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    other = OtherProviders.first("Signature", name, key, provider -> start(provider, start));
  }

  private Signature start(Provider provider, Start start) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(name, provider);
    if (parameters != null) {
      signature.setParameter(parameters);
    }
    start.on(signature);
    return signature;
  }

  /**
   * Takes parameters.
   *
   * <p>The first ones, when there is no key yet, are refused if KMS keys can't do them: JCA then
   * chooses another provider, whose keys may.
   */
  @Override
  protected void engineSetParameter(@Nullable AlgorithmParameterSpec newParameters)
      throws InvalidAlgorithmParameterException {
    PSSParameterSpec checked = PssParameters.check(newParameters);
    if (other != null) {
      other.setParameter(checked);
    } else if (signing && updated) {
      throw new InvalidAlgorithmParameterException(
          "The parameters of " + name + " cannot change in the middle of a message");
    } else if (signing || !chosen) {
      digest = Hashes.of(PssParameters.algorithm(checked).hash());
    }
    chosen = true;
    parameters = checked;
  }

  /** Returns the parameters that are set; null before there are any. Never throws. */
  @Override
  protected @Nullable AlgorithmParameters engineGetParameters() {
    return parameters == null ? null : PssParameters.encodable(parameters);
  }

  @Override
  protected void engineUpdate(byte b) throws SignatureException {
    if (other != null) {
      other.update(b);
    } else {
      digest().update(b);
      updated = true;
    }
  }

  @Override
  protected void engineUpdate(byte[] bytes, int offset, int count) throws SignatureException {
    if (other != null) {
      other.update(bytes, offset, count);
    } else {
      digest().update(bytes, offset, count);
      updated = true;
    }
  }

  @Override
  protected byte[] engineSign() throws SignatureException {
    return other != null ? other.sign() : super.engineSign();
  }

  @Override
  protected boolean engineVerify(byte[] signature) throws SignatureException {
    return other != null ? other.verify(signature) : super.engineVerify(signature);
  }

  @Override
  void reset() {
    updated = false;
    if (digest != null) {
      digest.reset();
    }
  }

  @Override
  SignRequest request() throws SignatureException {
    byte[] hash = digest().digest();
    updated = false;
    try {
      return SignRequest.digest(PssParameters.algorithm(parameters()), hash);
    } catch (InvalidAlgorithmParameterException e) {
      throw new SignatureException(e.getMessage(), e);
    }
  }

  private MessageDigest digest() throws SignatureException {
    parameters();
    if (digest == null) {
      throw new SignatureException("Signature " + name + " was not initialised");
    }
    return digest;
  }

  private PSSParameterSpec parameters() throws SignatureException {
    if (parameters == null) {
      throw new SignatureException(
          name
              + " has no parameters. Call setParameter, for example with new PSSParameterSpec("
              + "\"SHA-256\", \"MGF1\", MGF1ParameterSpec.SHA256, 32, 1).");
    }
    return parameters;
  }
}
