// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.service.Credentials;
import dev.strongroom.kms.service.Kms;
import dev.strongroom.kms.service.KmsConfig;
import dev.strongroom.kms.service.KmsEngines;
import org.jspecify.annotations.Nullable;

/** The KMS of the settings, in this process. */
final class SettingsDoor implements Door {

  /** Returns the settings that the options, the properties and the environment lead to. */
  static KmsConfig config(Globals.Location location) {
    if (location.config().isPresent() && location.home().isPresent()) {
      throw new UsageError(
          "give either --config or --home: the home is the folder of the settings file.");
    }
    return location
        .config()
        .map(KmsConfig::fromFile)
        .or(() -> location.home().map(KmsConfig::inHome))
        .orElseGet(KmsConfig::fromDefaults);
  }

  @Override
  public Entry enter(Globals.Location location) {
    KmsConfig config = config(location);
    return new Opened(config, KmsEngines.acquire(config));
  }

  /** Authenticates at the first question for the caller. Not thread-safe. */
  private static final class Opened implements Entry {
    private final KmsConfig config;
    private final Kms kms;
    private @Nullable Caller caller;

    Opened(KmsConfig config, Kms kms) {
      this.config = config;
      this.kms = kms;
    }

    @Override
    public Kms kms() {
      return kms;
    }

    @Override
    public Caller caller() {
      if (caller == null) {
        try (Credentials credentials = config.credentials().orElseThrow(this::noAccessKey)) {
          caller = kms.authenticate(credentials);
        }
      }
      return caller;
    }

    private KmsException noAccessKey() {
      return new KmsException.Configuration(
          "There is no access key in the settings, the environment or "
              + config.credentialsFile()
              + ". Run 'strongroom init' if you own this KMS; else ask its owner for one.",
          null);
    }

    @Override
    public void close() {
      KmsEngines.release(config);
    }
  }
}
