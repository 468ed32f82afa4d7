// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.Credentials;
import dev.strongroom.kms.service.Kms;
import dev.strongroom.kms.service.KmsConfig;
import dev.strongroom.kms.service.KmsEngines;
import java.nio.file.Path;
import java.security.InvalidParameterException;

/**
 * A provider's open KMS, which all providers with the same settings share. Thread-safe.
 *
 * @param kms belongs to whoever closes this
 */
record Engine(KmsConfig settings, Kms kms) implements AutoCloseable {
  /** Opens the KMS, or takes part in it where it is open. */
  static Engine open(KmsConfig settings) {
    requireSqlModule();
    return new Engine(settings, KmsEngines.acquire(settings));
  }

  /**
   * Returns the settings of a file.
   *
   * @throws InvalidParameterException if it cannot be read or is not one of settings
   */
  static KmsConfig settingsIn(String file) {
    try {
      return KmsConfig.fromFile(Path.of(file));
    } catch (KmsException | IllegalArgumentException e) {
      InvalidParameterException refused = new InvalidParameterException(e.getMessage());
      refused.initCause(e);
      throw refused;
    }
  }

  // keytool and jarsigner run from the JDK's own modules, which do not ask for java.sql.
  private static void requireSqlModule() {
    if (ModuleLayer.boot().findModule("java.sql").isEmpty()) {
      throw new KmsException.Configuration(
          "This JVM runs without the module java.sql, which the store needs. Add the option"
              + " -J--add-modules=java.sql to keytool and jarsigner, and --add-modules=java.sql to"
              + " java.",
          null);
    }
  }

  /** Authenticates the access key that the settings lead to. */
  Caller caller() {
    try (Credentials credentials = settings.credentials().orElseThrow(this::noKey)) {
      return kms.authenticate(credentials);
    }
  }

  private KmsException noKey() {
    return new KmsException.Configuration(
        "There is no access key. Load the KeyStore with ACCESS_KEY_ID:SECRET, or log in, or set"
            + " access-key-id and secret-access-key, STRONGROOM_ACCESS_KEY_ID and"
            + " STRONGROOM_SECRET_ACCESS_KEY in the environment, or write "
            + settings.credentialsFile()
            + ".",
        null);
  }

  /** Gives the KMS back; to be called once. */
  @Override
  public void close() {
    KmsEngines.release(settings);
  }
}
