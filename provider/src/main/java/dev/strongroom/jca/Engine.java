// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.Credentials;
import dev.strongroom.kms.service.Kms;
import dev.strongroom.kms.service.KmsConfig;
import dev.strongroom.kms.service.KmsEngines;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a provider's KMS comes from: settings, and the engine that all providers with the same
 * settings share. Not thread-safe; the {@link Connection} that has it locks.
 *
 * <p>Every JVM that has us in its list makes one of the defaults: so settings are looked for when
 * they are needed, and not by a lambda, for which the JVM would generate code.
 */
class Engine {
  private @Nullable KmsConfig config;

  private Engine() {}

  /** Returns the settings to open with. */
  KmsConfig settings() {
    return KmsConfig.fromDefaults();
  }

  /** Returns the KMS that system properties and the environment lead to, when it is opened. */
  static Engine ofDefaults() {
    return new Engine();
  }

  /** Returns the KMS of these settings. */
  static Engine of(KmsConfig settings) {
    return new Engine() {
      @Override
      KmsConfig settings() {
        return settings;
      }
    };
  }

  /** Returns the KMS of a settings file, which is read when it is opened. */
  static Engine ofFile(Path file) {
    return new Engine() {
      @Override
      KmsConfig settings() {
        return KmsConfig.fromFile(file);
      }
    };
  }

  /** Returns a KMS of its own that is gone when it is closed. */
  static Engine temporary() {
    return of(KmsConfig.temporary());
  }

  /** Opens the KMS; {@link #close} follows before the next time. */
  Kms open() {
    requireSqlModule();
    KmsConfig settings = settings();
    Kms kms = KmsEngines.acquire(settings);
    config = settings;
    return kms;
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
  Caller caller(Kms kms) {
    KmsConfig settings = opened();
    try (Credentials credentials = settings.credentials().orElseThrow(() -> noKey(settings))) {
      return kms.authenticate(credentials);
    }
  }

  /** Gives the opened KMS back. */
  void close() {
    KmsConfig settings = opened();
    config = null;
    KmsEngines.release(settings);
  }

  private KmsConfig opened() {
    if (config == null) {
      throw new IllegalStateException("The KMS is not open");
    }
    return config;
  }

  private static KmsException noKey(KmsConfig settings) {
    return new KmsException.Configuration(
        "There is no access key. Load the KeyStore with ACCESS_KEY_ID:SECRET, or log in, or set"
            + " access-key-id and secret-access-key, STRONGROOM_ACCESS_KEY_ID and"
            + " STRONGROOM_SECRET_ACCESS_KEY in the environment, or write "
            + settings.credentialsFile()
            + ".",
        null);
  }
}
