// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.AlgorithmParameters;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Map;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.NoSuchPaddingException;
import javax.crypto.ShortBufferException;
import org.jspecify.annotations.Nullable;

/**
 * {@code Cipher} {@code KmsEnvelope}: AWS Encryption SDK messages of any size, in constant memory.
 *
 * <p>Each message has a data key of its own: the first at {@code init}, where a refusal of the KMS
 * is an InvalidKeyException; the next ones with the first data after {@code doFinal}. Decrypting,
 * {@code update} releases verified plaintext only, and {@code doFinal} says whether the message was
 * whole: without it, a prefix looks like the message. A failure is told at {@code doFinal}, too,
 * and nothing is released after it; CipherInputStream then throws an IOException, but
 * CipherOutputStream hides it and must not be used to decrypt.
 */
final class KmsEnvelopeCipherSpi extends CipherSpi {
  private static final String WHAT = "Cipher KmsEnvelope";

  private final OutputQueue output = new OutputQueue();
  private boolean sealing;
  private EnvelopeSpec spec = EnvelopeSpec.of(Map.of());
  private boolean anyContext;
  private @Nullable KmsSecretKey key;
  private @Nullable EnvelopeFlow flow;
  private @Nullable KmsException failure;

  @Override
  protected void engineInit(int mode, Key newKey, SecureRandom random) throws InvalidKeyException {
    init(mode, newKey, null);
  }

  @Override
  protected void engineInit(
      int mode, Key newKey, @Nullable AlgorithmParameterSpec parameters, SecureRandom random)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    init(
        mode,
        newKey,
        parameters == null ? null : JcaErrors.ours(parameters, EnvelopeSpec.class, WHAT));
  }

  @Override
  protected void engineInit(
      int mode, Key newKey, @Nullable AlgorithmParameters parameters, SecureRandom random)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    if (parameters != null) {
      throw new InvalidAlgorithmParameterException(
          WHAT + " has no AlgorithmParameters. Pass an EnvelopeSpec, or nothing.");
    }
    init(mode, newKey, null);
  }

  private void init(int mode, Key newKey, @Nullable EnvelopeSpec newSpec)
      throws InvalidKeyException {
    KmsSecretKey handle = JcaErrors.ours(newKey, KmsSecretKey.class, WHAT);
    if (handle.metadata().usage() != KeyUsage.ENCRYPT_DECRYPT) {
      throw new InvalidKeyException(
          handle.arn()
              + " is for "
              + handle.metadata().usage()
              + ". "
              + WHAT
              + " needs a key of spec SYMMETRIC_DEFAULT.");
    }
    if (mode != Cipher.ENCRYPT_MODE && mode != Cipher.DECRYPT_MODE) {
      throw new InvalidKeyException(WHAT + " encrypts data. Wrap keys with Cipher Kms.");
    }
    end();
    key = handle;
    sealing = mode == Cipher.ENCRYPT_MODE;
    anyContext = newSpec == null;
    spec = newSpec == null ? EnvelopeSpec.of(Map.of()) : newSpec;
    try {
      flow();
    } catch (KmsException e) {
      throw JcaErrors.wrapping(e);
    }
  }

  /** Returns the message in work; begins the next one where there is none. */
  private EnvelopeFlow flow() {
    if (flow == null) {
      if (key == null) {
        throw new IllegalStateException(WHAT + " was not initialised");
      }
      flow =
          sealing ? EnvelopeFlow.sealing(key, spec) : EnvelopeFlow.opening(key, spec, anyContext);
    }
    return flow;
  }

  private void end() {
    if (flow != null) {
      flow.close();
    }
    flow = null;
    failure = null;
    output.clear();
  }

  @Override
  protected byte[] engineUpdate(byte[] source, int offset, int count) {
    feed(source, offset, count);
    return output.takeAll();
  }

  /** Writes what fits; the rest comes with the next calls. */
  @Override
  protected int engineUpdate(byte[] source, int offset, int count, byte[] out, int outOffset) {
    feed(source, offset, count);
    return output.moveTo(out, outOffset);
  }

  private void feed(byte[] source, int offset, int count) {
    if (failure != null || count == 0) {
      return;
    }
    try {
      flow().update(source, offset, count, output);
    } catch (KmsException e) {
      if (sealing || !JcaErrors.isAboutTheCiphertext(e)) {
        throw JcaErrors.unchecked(e);
      }
      failure = e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected byte[] engineDoFinal(byte @Nullable [] source, int offset, int count)
      throws IllegalBlockSizeException, BadPaddingException {
    try {
      finish(source, offset, count);
      return output.takeAll();
    } finally {
      end();
    }
  }

  @Override
  protected int engineDoFinal(
      byte @Nullable [] source, int offset, int count, byte[] out, int outOffset)
      throws ShortBufferException, IllegalBlockSizeException, BadPaddingException {
    int needed = engineGetOutputSize(count);
    if (out.length - outOffset < needed) {
      // Before the input is taken: the caller may repeat the call with a larger buffer.
      throw new ShortBufferException("The output needs up to " + needed + " bytes");
    }
    try {
      finish(source, offset, count);
      return output.moveTo(out, outOffset);
    } finally {
      end();
    }
  }

  private void finish(byte @Nullable [] source, int offset, int count)
      throws IllegalBlockSizeException, BadPaddingException {
    if (source != null) {
      feed(source, offset, count);
    }
    try {
      if (failure != null) {
        throw failure;
      }
      flow().finish(output);
    } catch (KmsException e) {
      if (sealing) {
        throw JcaErrors.encrypting(e);
      }
      throw JcaErrors.decrypting(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected int engineGetOutputSize(int inputBytes) {
    long size = output.size() + (failure == null ? flow().outputSize(inputBytes) : 0);
    return (int) Math.min(size, Integer.MAX_VALUE);
  }

  @Override
  protected int engineGetKeySize(Key someKey) throws InvalidKeyException {
    return JcaErrors.ours(someKey, KmsSecretKey.class, WHAT).metadata().spec().bits();
  }

  /** Returns 0: this is no block cipher. */
  @Override
  protected int engineGetBlockSize() {
    return 0;
  }

  @Override
  protected byte @Nullable [] engineGetIV() {
    return null;
  }

  @Override
  protected @Nullable AlgorithmParameters engineGetParameters() {
    return null;
  }

  @Override
  protected void engineSetMode(String mode) throws NoSuchAlgorithmException {
    throw new NoSuchAlgorithmException("The transformation is \"KmsEnvelope\", without a mode.");
  }

  @Override
  protected void engineSetPadding(String padding) throws NoSuchPaddingException {
    throw new NoSuchPaddingException("The transformation is \"KmsEnvelope\", without a padding.");
  }
}
