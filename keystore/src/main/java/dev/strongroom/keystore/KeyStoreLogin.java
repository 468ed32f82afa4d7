// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import java.io.IOException;
import java.security.UnrecoverableKeyException;
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
      return password == null || password.length == 0
          ? access.caller()
          : AccessKey.authenticate(access.kms(), password);
    } catch (KmsException.UnrecognizedClient | IllegalArgumentException e) {
      UnrecoverableKeyException reason = new UnrecoverableKeyException(e.getMessage());
      reason.initCause(e);
      throw new IOException(e.getMessage(), reason);
    }
  }
}
