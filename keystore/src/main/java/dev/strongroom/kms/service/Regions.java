// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import java.util.Optional;

/**
 * The other regions that the settings name: each a store and a domain key of its own, opened in
 * this process while it is needed. Who calls there is told by that region's settings.
 */
final class Regions {
  private final KmsConfig config;

  Regions(KmsConfig config) {
    this.config = config;
  }

  /** A region that is open, and who calls there. Closing gives it back. */
  static final class Other implements AutoCloseable {
    private final KmsConfig config;
    private final EmbeddedKms kms;
    private final Caller caller;

    private Other(KmsConfig config, EmbeddedKms kms, Caller caller) {
      this.config = config;
      this.kms = kms;
      this.caller = caller;
    }

    Replicas replicas() {
      return kms.open().replicas();
    }

    Caller caller() {
      return caller;
    }

    @Override
    public void close() {
      KmsEngines.release(config);
    }
  }

  /**
   * Opens a region.
   *
   * @throws KmsException.Configuration if the settings do not lead to it
   */
  Other open(String region) {
    KmsConfig other =
        config
            .region(region)
            .orElseThrow(
                () ->
                    new KmsException.Configuration(
                        "The settings do not say where the region \""
                            + region
                            + "\" is. Set region."
                            + region
                            + " to its home or its settings file.",
                        null));
    if (!other.place().region().equals(region)) {
      throw new KmsException.Configuration(
          "The setting region."
              + region
              + " leads to the region \""
              + other.place().region()
              + "\". Name the home or the settings file of the other one.",
          null);
    }
    EmbeddedKms kms = (EmbeddedKms) KmsEngines.acquire(other);
    try {
      return new Other(other, kms, caller(other, kms));
    } catch (KmsException e) {
      KmsEngines.release(other);
      throw e;
    }
  }

  private static Caller caller(KmsConfig other, Kms kms) {
    Optional<Credentials> found = other.credentials();
    if (found.isEmpty()) {
      throw new KmsException.Configuration(
          "The settings of the region \""
              + other.place().region()
              + "\" have no access key: who calls there?",
          null);
    }
    try (Credentials credentials = found.get()) {
      return kms.authenticate(credentials);
    }
  }
}
