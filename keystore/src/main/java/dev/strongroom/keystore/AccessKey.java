// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.keystore;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.service.Credentials;
import dev.strongroom.kms.service.Kms;
import java.util.Arrays;

/**
 * An access key where JCA has room for one password: {@code ACCESS_KEY_ID:SECRET}, and {@code
 * :SESSION_TOKEN} after it for the access key of a session.
 */
public final class AccessKey {
  private AccessKey() {}

  /**
   * Authenticates.
   *
   * @param password left intact
   * @throws IllegalArgumentException if there is no colon in it
   * @throws dev.strongroom.kms.KmsException.UnrecognizedClient if the access key is not valid
   * @throws dev.strongroom.kms.KmsException.ExpiredToken if its session is over
   */
  public static Caller authenticate(Kms kms, char[] password) {
    int colon = colon(password, 0);
    if (colon == password.length) {
      throw new IllegalArgumentException(
          "The password is not an access key: ACCESS_KEY_ID:SECRET has a colon. An empty password"
              + " stands for the access key of the settings.");
    }
    int end = colon(password, colon + 1);
    String token =
        end == password.length ? "" : new String(password, end + 1, password.length - end - 1);
    char[] secret = Arrays.copyOfRange(password, colon + 1, end);
    try (Credentials credentials = new Credentials(new String(password, 0, colon), secret, token)) {
      return kms.authenticate(credentials);
    }
  }

  private static int colon(char[] password, int from) {
    int at = from;
    while (at < password.length && password[at] != ':') {
      at++;
    }
    return at;
  }
}
