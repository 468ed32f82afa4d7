// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.kms.KmsException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.ProviderException;
import java.security.SignatureException;
import java.security.spec.AlgorithmParameterSpec;
import javax.crypto.AEADBadTagException;
import javax.crypto.BadPaddingException;
import javax.crypto.IllegalBlockSizeException;
import javax.security.auth.Destroyable;
import org.jspecify.annotations.Nullable;

/**
 * The one place where failures become JCA's exceptions. The cause is always the KMS's own.
 *
 * <pre>
 * at           the ciphertext or its context     a size or value               refusals, failures
 * init         -                                 InvalidAlgorithmParameter,    -
 *                                                InvalidKey
 * doFinal      AEADBadTag (RSA: BadPadding)      IllegalBlockSize              Provider
 * wrap         -                                 IllegalBlockSize              InvalidKey
 * unwrap       InvalidKey                        InvalidKey                    InvalidKey
 * sign         -                                 Signature                     Signature
 * generate,    -                                 Provider                      Provider
 * MAC, random
 * </pre>
 *
 * <p>A refusal at doFinal is a ProviderException although checked ones exist there: those mean the
 * data, and CipherOutputStream and CipherInputStream swallow them.
 */
final class JcaErrors {
  private JcaErrors() {}

  /** Returns what {@code doFinal} throws for {@code e}, or throws it where it is unchecked. */
  static BadPaddingException decrypting(KmsException e) throws IllegalBlockSizeException {
    if (isAboutTheCiphertext(e)) {
      return because(new AEADBadTagException(e.getMessage()), e);
    }
    throw encrypting(e);
  }

  /** Returns whether the data is at fault, and not the right to decrypt it or a failure. */
  static boolean isAboutTheCiphertext(KmsException e) {
    return e instanceof KmsException.InvalidCiphertext
        || e instanceof KmsException.IncorrectKey
        || e instanceof KmsException.UnsupportedOperation
        || e instanceof KmsException.LimitExceeded;
  }

  /** As {@link #decrypting}, for RSA, which has no tag. */
  static BadPaddingException decryptingRsa(KmsException e) throws IllegalBlockSizeException {
    if (e instanceof KmsException.InvalidCiphertext) {
      return because(new BadPaddingException(e.getMessage()), e);
    }
    throw encrypting(e);
  }

  /** Returns what {@code doFinal} throws for a size, or throws what it throws otherwise. */
  static IllegalBlockSizeException encrypting(KmsException e) {
    if (e instanceof KmsException.Validation) {
      return because(new IllegalBlockSizeException(e.getMessage()), e);
    }
    throw unchecked(e);
  }

  /** Returns what {@code wrap} and {@code unwrap} throw. */
  static InvalidKeyException wrapping(KmsException e) {
    return new InvalidKeyException(e.getMessage(), e);
  }

  /** Returns what {@code sign} throws. */
  static SignatureException signing(KmsException e) {
    return new SignatureException(e.getMessage(), e);
  }

  /** Returns what methods throw to which JCA gives no checked exception. */
  static ProviderException unchecked(KmsException e) {
    return new ProviderException(e.getMessage(), e);
  }

  /**
   * Returns {@code key} as one of ours.
   *
   * @param use for example "Mac HmacSHA256"; begins the message
   * @throws InvalidKeyException for null, for a key of anybody else, and for a destroyed handle
   */
  static <K extends Key> K ours(@Nullable Key key, Class<K> type, String use)
      throws InvalidKeyException {
    if (!type.isInstance(key)) {
      throw new InvalidKeyException(
          use
              + " needs a "
              + type.getSimpleName()
              + " from a KeyStore of type KMS, "
              + not(key, type));
    }
    K ours = type.cast(key);
    if (ours instanceof Destroyable handle && handle.isDestroyed()) {
      throw new InvalidKeyException(
          "The key handle was destroyed. Get the key from the KeyStore again.");
    }
    return ours;
  }

  /**
   * Returns {@code parameters} as one of ours.
   *
   * @throws InvalidAlgorithmParameterException for null and for any other class
   */
  static <P extends AlgorithmParameterSpec> P ours(
      @Nullable AlgorithmParameterSpec parameters, Class<P> type, String use)
      throws InvalidAlgorithmParameterException {
    if (!type.isInstance(parameters)) {
      throw new InvalidAlgorithmParameterException(
          use + " takes parameters of class " + type.getName() + ", " + not(parameters, type));
    }
    return type.cast(parameters);
  }

  private static String not(@Nullable Object given, Class<?> wanted) {
    if (given == null) {
      return "not null.";
    }
    if (given.getClass().getName().equals(wanted.getName())) {
      return "and this is one of another class loader: two copies of Strongroom are loaded. Use the"
          + " provider of the copy that made it, or share one copy.";
    }
    return "not " + given.getClass().getName() + ".";
  }

  private static <E extends Exception> E because(E exception, KmsException cause) {
    exception.initCause(cause);
    return exception;
  }
}
