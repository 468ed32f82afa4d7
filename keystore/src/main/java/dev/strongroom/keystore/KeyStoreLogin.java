// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.UnrecoverableKeyException;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import org.jspecify.annotations.Nullable;

/**
 * Who opens a KeyStore, from its password: {@code ACCESS_KEY_ID:SECRET}, for a session {@code
 * ACCESS_KEY_ID:SECRET:SESSION_TOKEN}, or nothing for the settings' access key.
 */
final class KeyStoreLogin {
  private KeyStoreLogin() {}

  /**
   * Returns the password that a protection holds or asks for; a copy, null where there is none.
   *
   * @throws NoSuchAlgorithmException if it is of another kind
   */
  static char @Nullable [] password(KeyStore.@Nullable ProtectionParameter protection)
      throws IOException, NoSuchAlgorithmException {
    if (protection == null) {
      return null;
    }
    if (protection instanceof KeyStore.PasswordProtection known) {
      char[] password = known.getPassword();
      return password == null ? null : password.clone();
    }
    if (protection instanceof KeyStore.CallbackHandlerProtection asking) {
      PasswordCallback question = new PasswordCallback("ACCESS_KEY_ID:SECRET: ", false);
      try {
        asking.getCallbackHandler().handle(new Callback[] {question});
        return question.getPassword();
      } catch (UnsupportedCallbackException e) {
        throw new IOException("The callback handler does not answer a PasswordCallback.", e);
      } finally {
        question.clearPassword();
      }
    }
    throw new NoSuchAlgorithmException(
        "A KeyStore of type KMS takes a PasswordProtection or a CallbackHandlerProtection, not "
            + protection.getClass().getName()
            + ".");
  }

  /**
   * Authenticates.
   *
   * @param password left intact
   * @throws IOException caused by an UnrecoverableKeyException if the access key is not valid; that
   *     is what {@code KeyStore.Builder} asks the user again for
   */
  static Caller caller(KmsAccess access, char @Nullable [] password) throws IOException {
    try {
      return password == null || password.length == 0
          ? access.caller()
          : AccessKey.authenticate(access.kms(), password);
    } catch (KmsException.UnrecognizedClient
        | KmsException.ExpiredToken
        | IllegalArgumentException e) {
      UnrecoverableKeyException reason = new UnrecoverableKeyException(e.getMessage());
      reason.initCause(e);
      throw new IOException(e.getMessage(), reason);
    }
  }
}
