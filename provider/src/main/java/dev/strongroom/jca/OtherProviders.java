// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import javax.crypto.NoSuchPaddingException;
import org.jspecify.annotations.Nullable;

/**
 * Finds another provider for a key that is not ours.
 *
 * <p>JCA offers a service only the keys it supports, unless its caller makes it choose before there
 * is a key: {@code Signature.setParameter}, {@code Mac.getMacLength} and {@code
 * Cipher.getBlockSize} do. Whoever stands first in the list is then asked to use everybody's keys,
 * and has to pass them on.
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

  private static boolean supports(Provider provider, String type, String algorithm, Key key) {
    // By name: a Strongroom of another class loader would pass the key on to us.
    if (provider.getClass().getName().equals(StrongroomProvider.class.getName())) {
      return false;
    }
    Provider.Service service = provider.getService(type, algorithm);
    // A Cipher may be there under a part of its transformation, as RSA: then it is asked itself.
    return service == null ? type.equals("Cipher") : service.supportsParameter(key);
  }
}
