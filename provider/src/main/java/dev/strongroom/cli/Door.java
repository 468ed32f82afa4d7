// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.cli;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.service.Kms;

/** The way to the KMS: finds the settings, opens what they name, authenticates. */
@FunctionalInterface
interface Door {

  /**
   * Opens the KMS of the settings.
   *
   * @throws dev.strongroom.kms.KmsException if it cannot be opened
   */
  Entry enter(Globals.Location location);

  /** An open KMS. */
  interface Entry extends AutoCloseable {

    Kms kms();

    /**
     * Returns who calls: the owner of the settings' access key.
     *
     * @throws dev.strongroom.kms.KmsException if there is none, or it is not valid
     */
    Caller caller();

    /** Gives the KMS back. */
    @Override
    void close();
  }
}
