// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import java.nio.ByteBuffer;
import java.security.AlgorithmParameters;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.NoSuchPaddingException;
import javax.crypto.ShortBufferException;
import org.jspecify.annotations.Nullable;

/**
 * A cipher whose transformation other providers have, too: it works with our handles, and passes
 * keys of others on (see {@link OtherProviders}). Subclasses know only our handles.
 */
abstract class PassingCipherSpi extends CipherSpi {
  private final String transformation;
  private final Class<? extends Key> handles;
  private @Nullable Cipher other;

  PassingCipherSpi(String transformation, Class<? extends Key> handles) {
    this.transformation = transformation;
    this.handles = handles;
  }

  /** Starts with one of our handles. */
  abstract void initOurs(int mode, Key key, @Nullable AlgorithmParameterSpec parameters)
      throws InvalidKeyException, InvalidAlgorithmParameterException;

  /** Takes in more input. */
  abstract void updateOurs(byte[] source, int offset, int count);

  /** Returns how long the result will be at most. */
  abstract int outputSizeOurs(int inputBytes);

  /** Ends the operation; the result belongs to the receiver. */
  abstract byte[] doFinalOurs() throws IllegalBlockSizeException, BadPaddingException;

  abstract Key unwrapOurs(byte[] wrapped, String algorithm, int type)
      throws InvalidKeyException, NoSuchAlgorithmException;

  abstract @Nullable AlgorithmParameters parametersOurs();

  /** Reads parameters in their other form. */
  abstract @Nullable AlgorithmParameterSpec specOf(AlgorithmParameters parameters)
      throws InvalidAlgorithmParameterException;

  String transformation() {
    return transformation;
  }

  @Override
  protected void engineInit(int mode, Key key, SecureRandom random) throws InvalidKeyException {
    try {
      if (handles.isInstance(key)) {
        other = null;
        initOurs(mode, key, null);
      } else {
        other = pass(key, cipher -> cipher.init(mode, key, random));
      }
    } catch (InvalidAlgorithmParameterException e) {
      throw new InvalidKeyException(e.getMessage(), e);
    }
  }

  @Override
  protected void engineInit(
      int mode, Key key, @Nullable AlgorithmParameterSpec parameters, SecureRandom random)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    if (handles.isInstance(key)) {
      other = null;
      initOurs(mode, key, parameters);
    } else {
      other = pass(key, cipher -> cipher.init(mode, key, parameters, random));
    }
  }

  @Override
  protected void engineInit(
      int mode, Key key, @Nullable AlgorithmParameters parameters, SecureRandom random)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    if (handles.isInstance(key)) {
      other = null;
      initOurs(mode, key, parameters == null ? null : specOf(parameters));
    } else {
      other = pass(key, cipher -> cipher.init(mode, key, parameters, random));
    }
  }

  private interface Start {
    void on(Cipher cipher) throws InvalidKeyException, InvalidAlgorithmParameterException;
  }

  private Cipher pass(Key key, Start start)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    if (other != null) {
      // The same object again: it is the one that refuses to repeat an IV under the same key.
      start.on(other);
      return other;
    }
    return OtherProviders.first("Cipher", transformation, key, provider -> start(provider, start));
  }

  private Cipher start(Provider provider, Start start)
      throws NoSuchAlgorithmException,
          NoSuchPaddingException,
          InvalidKeyException,
          InvalidAlgorithmParameterException {
    Cipher cipher = Cipher.getInstance(transformation, provider);
    start.on(cipher);
    return cipher;
  }

  @Override
  protected byte[] engineUpdate(byte[] source, int offset, int count) {
    if (other != null) {
      byte[] out = other.update(source, offset, count);
      return out == null ? new byte[0] : out;
    }
    updateOurs(source, offset, count);
    return new byte[0];
  }

  @Override
  protected int engineUpdate(byte[] source, int offset, int count, byte[] out, int outOffset)
      throws ShortBufferException {
    if (other != null) {
      return other.update(source, offset, count, out, outOffset);
    }
    updateOurs(source, offset, count);
    return 0;
  }

  @Override
  protected void engineUpdateAAD(byte[] source, int offset, int count) {
    if (other == null) {
      throw new IllegalStateException(transformation + " takes no additional data here");
    }
    other.updateAAD(source, offset, count);
  }

  @Override
  protected void engineUpdateAAD(ByteBuffer source) {
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    engineUpdateAAD(bytes, 0, bytes.length);
  }

  @Override
  protected byte[] engineDoFinal(byte @Nullable [] source, int offset, int count)
      throws IllegalBlockSizeException, BadPaddingException {
    if (other != null) {
      return source == null ? other.doFinal() : other.doFinal(source, offset, count);
    }
    if (source != null) {
      updateOurs(source, offset, count);
    }
    return doFinalOurs();
  }

  @Override
  protected int engineDoFinal(
      byte @Nullable [] source, int offset, int count, byte[] out, int outOffset)
      throws ShortBufferException, IllegalBlockSizeException, BadPaddingException {
    if (other != null) {
      return source == null
          ? other.doFinal(out, outOffset)
          : other.doFinal(source, offset, count, out, outOffset);
    }
    int needed = outputSizeOurs(count);
    if (out.length - outOffset < needed) {
      throw new ShortBufferException("The output needs up to " + needed + " bytes");
    }
    byte[] result = engineDoFinal(source, offset, count);
    System.arraycopy(result, 0, out, outOffset, result.length);
    Arrays.fill(result, (byte) 0);
    return result.length;
  }

  @Override
  protected byte[] engineWrap(Key key) throws IllegalBlockSizeException, InvalidKeyException {
    if (other == null) {
      throw new InvalidKeyException(transformation + " does not wrap with this key");
    }
    return other.wrap(key);
  }

  @Override
  protected Key engineUnwrap(byte[] wrapped, String algorithm, int type)
      throws InvalidKeyException, NoSuchAlgorithmException {
    return other != null
        ? other.unwrap(wrapped, algorithm, type)
        : unwrapOurs(wrapped, algorithm, type);
  }

  @Override
  protected int engineGetOutputSize(int inputBytes) {
    return other != null ? other.getOutputSize(inputBytes) : outputSizeOurs(inputBytes);
  }

  /** Returns what the JDK's cipher says: callers size IVs by it before they have a key. */
  @Override
  protected int engineGetBlockSize() {
    try {
      return other != null
          ? other.getBlockSize()
          : Cipher.getInstance(transformation, "SunJCE").getBlockSize();
    } catch (NoSuchAlgorithmException | NoSuchProviderException | NoSuchPaddingException e) {
      throw new IllegalStateException("This JVM's SunJCE does not have " + transformation, e);
    }
  }

  @Override
  protected byte @Nullable [] engineGetIV() {
    return other != null ? other.getIV() : null;
  }

  @Override
  protected @Nullable AlgorithmParameters engineGetParameters() {
    return other != null ? other.getParameters() : parametersOurs();
  }

  // The transformation is registered as a whole, so JCA never sets its parts.

  @Override
  protected void engineSetMode(String mode) throws NoSuchAlgorithmException {
    throw new NoSuchAlgorithmException("Ask for " + transformation + " as a whole.");
  }

  @Override
  protected void engineSetPadding(String padding) throws NoSuchPaddingException {
    throw new NoSuchPaddingException("Ask for " + transformation + " as a whole.");
  }
}
