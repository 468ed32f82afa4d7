// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.MacAlgorithm;
import dev.strongroom.kms.service.Kms;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.Provider;
import java.security.ProviderException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.MacSpi;
import org.jspecify.annotations.Nullable;

/**
 * {@code HmacSHA256} and its kind on HMAC keys of a KMS: one call of GenerateMac over up to 4096
 * bytes, which are buffered here. Keys of others are passed on (see {@link OtherProviders}):
 * callers ask for the length of a MAC before they have a key, which fixes the provider.
 */
final class KmsMacSpi extends MacSpi {
  private final String name;
  private final MacAlgorithm algorithm;
  private final MessageBuffer message = new MessageBuffer(Kms.MAX_MESSAGE_BYTES);
  private @Nullable KmsSecretKey key;
  private @Nullable Mac other;

  KmsMacSpi(String name, MacAlgorithm algorithm) {
    this.name = name;
    this.algorithm = algorithm;
  }

  @Override
  protected int engineGetMacLength() {
    return algorithm.bytes();
  }

  @Override
  protected void engineInit(Key newKey, @Nullable AlgorithmParameterSpec parameters)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    message.clear();
    if (!(newKey instanceof KmsSecretKey)) {
      other = OtherProviders.first("Mac", name, newKey, new Start(name, newKey, parameters));
      return;
    }
    KmsSecretKey handle = JcaErrors.ours(newKey, KmsSecretKey.class, "Mac " + name);
    if (!algorithm.fits(handle.metadata().spec())) {
      throw new InvalidKeyException(
          "Mac "
              + name
              + " does not fit a key of spec "
              + handle.metadata().spec()
              + ": each HMAC key has one hash, as in HMAC_256 and HmacSHA256.");
    }
    if (parameters != null) {
      throw new InvalidAlgorithmParameterException("Mac " + name + " takes no parameters");
    }
    other = null;
    key = handle;
  }

  /** Not a lambda: each TLS 1.3 client comes here, and the JVM would generate code for it. */
  private record Start(String name, Key key, @Nullable AlgorithmParameterSpec parameters)
      implements OtherProviders.Attempt<Mac> {
    @Override
    public Mac with(Provider provider) throws GeneralSecurityException {
      Mac mac = Mac.getInstance(name, provider);
      mac.init(key, parameters);
      return mac;
    }
  }

  @Override
  protected void engineUpdate(byte b) {
    engineUpdate(new byte[] {b}, 0, 1);
  }

  @Override
  protected void engineUpdate(byte[] bytes, int offset, int count) {
    if (other != null) {
      other.update(bytes, offset, count);
    } else {
      message.add(bytes, offset, count);
    }
  }

  @Override
  protected byte[] engineDoFinal() {
    if (other != null) {
      return other.doFinal();
    }
    if (key == null) {
      throw new IllegalStateException("Mac " + name + " was not initialised");
    }
    byte[] bytes = takeMessage();
    try {
      return key.kms().generateMac(key.caller(), key.arn(), algorithm, bytes);
    } catch (KmsException e) {
      throw JcaErrors.unchecked(e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private byte[] takeMessage() {
    try {
      if (message.isTooLong()) {
        throw new ProviderException(
            "An HMAC key of the KMS takes up to 4096 bytes, not "
                + message.length()
                + ". Make the MAC of the message's hash, or use a data key.");
      }
      return message.toBytes();
    } finally {
      message.clear(); // doFinal leaves a Mac ready for the next message
    }
  }

  @Override
  protected void engineReset() {
    message.clear();
    if (other != null) {
      other.reset();
    }
  }
}
