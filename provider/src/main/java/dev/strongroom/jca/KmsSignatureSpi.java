// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsPrivateKey;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.SignRequest;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.spec.AlgorithmParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs by one call of KMS Sign with the private half of a KMS key, and passes every other key on
 * (see {@link OtherProviders}): who asks a Signature for its provider, or sets parameters, before
 * there is a key has chosen this object for whatever key follows. Public keys of ours are ordinary
 * keys, which others verify with.
 *
 * <p>Parameters come before the key, after it, or with it. Those that come before are checked
 * against what KMS keys can do when there is one of ours.
 *
 * @param <K> the handles that a subclass takes
 */
abstract class KmsSignatureSpi<K extends KmsPrivateKey> extends SignatureSpi {
  private final String name;
  private final Class<K> handles;
  private @Nullable AlgorithmParameterSpec parameters;
  // One of the two is set once there is a key.
  private @Nullable K key;
  private @Nullable Signature other;

  /**
   * @param parameters those that are set from the beginning; null for none
   */
  KmsSignatureSpi(String name, Class<K> handles, @Nullable AlgorithmParameterSpec parameters) {
    this.name = name;
    this.handles = handles;
    this.parameters = parameters;
  }

  /** Takes in more of the message. */
  abstract void updateOurs(byte[] bytes, int offset, int count) throws SignatureException;

  /** Forgets the message. */
  abstract void reset();

  /** Starts with a key of ours. */
  void begin(K signer) throws InvalidKeyException {}

  /** Returns what the KMS is asked to sign; the message is forgotten. */
  abstract SignRequest request() throws SignatureException;

  /** Returns the signature in this algorithm's encoding; {@code signature} is the KMS's. */
  byte[] encode(byte[] signature, K signer) {
    return signature;
  }

  /**
   * Checks parameters; null is no parameters.
   *
   * @throws InvalidAlgorithmParameterException if KMS keys cannot sign so
   */
  void requireDoable(@Nullable AlgorithmParameterSpec wanted)
      throws InvalidAlgorithmParameterException {
    if (wanted != null) {
      throw new InvalidAlgorithmParameterException(name + " takes no parameters");
    }
  }

  /** Prepares for a message under a key of ours; {@code doable} was checked. */
  void use(@Nullable AlgorithmParameterSpec doable) throws InvalidAlgorithmParameterException {}

  /** Returns the parameters in their other form; null where there are none. Never throws. */
  @Nullable AlgorithmParameters parametersOurs() {
    return null;
  }

  String name() {
    return name;
  }

  @Nullable AlgorithmParameterSpec parameters() {
    return parameters;
  }

  @Override
  protected void engineInitSign(PrivateKey privateKey) throws InvalidKeyException {
    key = null;
    other = null;
    if (!isOurs(privateKey)) {
      pass(privateKey, signature -> signature.initSign(privateKey, appRandom));
      return;
    }
    K handle = JcaErrors.ours(privateKey, handles, "Signature " + name);
    if (handle.metadata().usage() != KeyUsage.SIGN_VERIFY) {
      throw new InvalidKeyException(
          handle.arn()
              + " is for "
              + handle.metadata().usage()
              + ". Make a key with --key-usage SIGN_VERIFY to sign.");
    }
    reset();
    begin(handle);
    try {
      if (parameters != null) {
        requireDoable(parameters);
        use(parameters);
      }
    } catch (InvalidAlgorithmParameterException e) {
      throw new InvalidKeyException(e.getMessage(), e);
    }
    key = handle;
  }

  /** By name as well: a handle of another class loader is refused with a sentence of its own. */
  private boolean isOurs(@Nullable Key given) {
    return given instanceof KmsPrivateKey
        || (given != null && given.getClass().getName().equals(handles.getName()));
  }

  @Override
  protected void engineInitVerify(PublicKey publicKey) throws InvalidKeyException {
    key = null;
    other = null;
    pass(publicKey, signature -> signature.initVerify(publicKey));
  }

  private interface Start {
    void on(Signature signature) throws InvalidKeyException;
  }

  private void pass(@Nullable Key foreign, Start start) throws InvalidKeyException {
    try {
      other = OtherProviders.first("Signature", name, foreign, provider -> start(provider, start));
    } catch (InvalidAlgorithmParameterException e) {
      throw new InvalidKeyException(e.getMessage(), e);
    }
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
   * Takes parameters. Before there is a key, those that KMS keys cannot use are taken only if
   * another provider would: its keys may follow.
   */
  @Override
  protected void engineSetParameter(@Nullable AlgorithmParameterSpec wanted)
      throws InvalidAlgorithmParameterException {
    if (other != null) {
      other.setParameter(wanted);
    } else if (key != null) {
      requireDoable(wanted);
      use(wanted);
    } else {
      requireDoableBySomebody(wanted);
    }
    parameters = wanted;
  }

  private void requireDoableBySomebody(@Nullable AlgorithmParameterSpec wanted)
      throws InvalidAlgorithmParameterException {
    try {
      requireDoable(wanted);
    } catch (InvalidAlgorithmParameterException e) {
      if (!OtherProviders.takes(name, wanted)) {
        throw e;
      }
    }
  }

  @Override
  protected final @Nullable AlgorithmParameters engineGetParameters() {
    return other != null ? other.getParameters() : parametersOurs();
  }

  @Override
  protected final void engineUpdate(byte b) throws SignatureException {
    engineUpdate(new byte[] {b}, 0, 1);
  }

  @Override
  protected final void engineUpdate(byte[] bytes, int offset, int count) throws SignatureException {
    if (other != null) {
      other.update(bytes, offset, count);
    } else {
      updateOurs(bytes, offset, count);
    }
  }

  @Override
  protected final byte[] engineSign() throws SignatureException {
    if (other != null) {
      return other.sign();
    }
    if (key == null) {
      throw new SignatureException("Signature " + name + " was not initialised for signing");
    }
    SignRequest request = request().withKeyMaterialId(key.metadata().keyMaterialId());
    try {
      return encode(key.kms().sign(key.caller(), key.arn(), request), key);
    } catch (KmsException e) {
      throw JcaErrors.signing(e);
    }
  }

  @Override
  protected final boolean engineVerify(byte[] signature) throws SignatureException {
    if (other == null) {
      throw new SignatureException("Signature " + name + " was not initialised for verification");
    }
    return other.verify(signature);
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
