// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.NoSuchPaddingException;
import org.jspecify.annotations.Nullable;

/**
 * Finds another provider for a key that is not ours.
 *
 * <p>JCA offers a service only the keys it supports, unless its caller makes it choose before there
 * is a key: {@code getProvider}, {@code Signature.setParameter}, {@code Mac.getMacLength} and
 * {@code Cipher.getBlockSize} do. Whoever stands first in the list is then asked to use everybody's
 * keys, and has to pass them on.
 */
final class OtherProviders {
  private OtherProviders() {}

  /** Gets a service from a provider and starts it with the key. */
  interface Attempt<T> {
    T with(Provider provider) throws GeneralSecurityException;
  }

  /**
   * Returns the first success, in the order of preference.
   *
   * @throws InvalidKeyException if nobody takes the key
   * @throws InvalidAlgorithmParameterException if the first who might have refuses the parameters
   */
  static <T> T first(String type, String algorithm, @Nullable Key key, Attempt<T> attempt)
      throws InvalidKeyException, InvalidAlgorithmParameterException {
    if (key == null) {
      throw new InvalidKeyException("The key is null");
    }
    Exception failure = null;
    for (Provider provider : Security.getProviders()) {
      if (supports(provider, type, algorithm, key)) {
        try {
          return attempt.with(provider);
        } catch (NoSuchAlgorithmException | NoSuchPaddingException e) {
          // Not one of those who have it: JCA would not have asked it either.
        } catch (GeneralSecurityException | RuntimeException e) {
          // As JCA does: whatever a provider throws, the next one is asked; the first is told.
          failure = failure == null ? e : failure;
        }
      }
    }
    if (failure instanceof InvalidAlgorithmParameterException refusal) {
      throw refusal;
    }
    throw new InvalidKeyException(
        "No other provider of " + algorithm + " takes a key of class " + key.getClass().getName(),
        failure);
  }

  /** Returns whether a Signature of somebody takes these parameters before there is a key. */
  static boolean takes(String signature, @Nullable AlgorithmParameterSpec parameters) {
    for (Provider provider : Security.getProviders()) {
      if (!isStrongroom(provider) && provider.getService("Signature", signature) != null) {
        try {
          Signature.getInstance(signature, provider).setParameter(parameters);
          return true;
        } catch (GeneralSecurityException | RuntimeException e) {
          // As JCA does: whatever a provider throws, the next one is asked.
          log().log(Level.DEBUG, "{0} refuses the parameters: {1}", provider.getName(), e);
        }
      }
    }
    return false;
  }

  /** Not a constant: every TLS handshake would start the JVM's logging. */
  private static Logger log() {
    return System.getLogger(OtherProviders.class.getName());
  }

  /** By name: a Strongroom of another class loader would pass the key on to us. */
  private static boolean isStrongroom(Provider provider) {
    return provider.getClass().getName().equals(StrongroomProvider.class.getName());
  }

  private static boolean supports(Provider provider, String type, String algorithm, Key key) {
    if (isStrongroom(provider)) {
      return false;
    }
    Provider.Service service = provider.getService(type, algorithm);
    // A Cipher may be there under a part of its transformation, as RSA: then it is asked itself.
    return service == null ? type.equals("Cipher") : service.supportsParameter(key);
  }
}
