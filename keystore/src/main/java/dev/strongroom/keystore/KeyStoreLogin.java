// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.security.UnrecoverableKeyException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Who opens a KeyStore, from its password: {@code ACCESS_KEY_ID:SECRET}, or nothing for the
 * settings' access key.
 */
final class KeyStoreLogin {
  private KeyStoreLogin() {}

  /**
   * Authenticates.
   *
   * @param password left intact
   * @throws IOException caused by an UnrecoverableKeyException if the access key is not valid; that
   *     is what {@code KeyStore.Builder} asks the user again for
   */
  static Caller caller(KmsAccess access, char @Nullable [] password) throws IOException {
    try {
      if (password == null || password.length == 0) {
        return access.caller();
      }
      return authenticate(access, password);
    } catch (KmsException.UnrecognizedClient e) {
      throw refused(e.getMessage(), e);
    }
  }

  private static Caller authenticate(KmsAccess access, char[] password) throws IOException {
    int colon = 0;
    while (colon < password.length && password[colon] != ':') {
      colon++;
    }
    if (colon == password.length) {
      throw refused(
          "The password of a KeyStore of type KMS is ACCESS_KEY_ID:SECRET, and this one has no"
              + " colon. An empty one stands for the access key of the settings.",
          null);
    }
    char[] secret = Arrays.copyOfRange(password, colon + 1, password.length);
    try {
      return access.kms().authenticate(new String(password, 0, colon), secret);
    } finally {
      Arrays.fill(secret, '\0');
    }
  }

  private static IOException refused(@Nullable String message, @Nullable KmsException cause) {
    UnrecoverableKeyException reason = new UnrecoverableKeyException(message);
    reason.initCause(cause);
    return new IOException(message, reason);
  }
}
