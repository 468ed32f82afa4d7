// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.service.Kms;
import java.util.Arrays;

/** An access key where JCA has room for one password: {@code ACCESS_KEY_ID:SECRET}. */
public final class AccessKey {
  private AccessKey() {}

  /**
   * Authenticates.
   *
   * @param password left intact
   * @throws IllegalArgumentException if there is no colon in it
   * @throws dev.strongroom.kms.KmsException.UnrecognizedClient if the access key is not valid
   */
  public static Caller authenticate(Kms kms, char[] password) {
    int colon = 0;
    while (colon < password.length && password[colon] != ':') {
      colon++;
    }
    if (colon == password.length) {
      throw new IllegalArgumentException(
          "The password is not an access key: ACCESS_KEY_ID:SECRET has a colon. An empty password"
              + " stands for the access key of the settings.");
    }
    char[] secret = Arrays.copyOfRange(password, colon + 1, password.length);
    try {
      return kms.authenticate(new String(password, 0, colon), secret);
    } finally {
      Arrays.fill(secret, '\0');
    }
  }
}
