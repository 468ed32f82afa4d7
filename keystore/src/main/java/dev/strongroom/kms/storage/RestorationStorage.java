// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Copies of the whole store, and the backups that it came from. Otherwise as {@link KeyStorage}.
 */
public interface RestorationStorage {

  /** Where a copy goes. */
  interface Target {

    /**
     * Begins; called again from the start where the database could not be read at once.
     *
     * @return gets the rows; it stays open
     */
    OutputStream begin(StoreState state) throws IOException;
  }

  /**
   * Copies all rows of one state of the store, while others go on writing.
   *
   * @return what was copied
   * @throws java.io.UncheckedIOException if the target fails
   */
  StoreState copy(Target target);

  /** Returns the restoration that the store came from last. */
  Optional<Restoration> latest();

  /** Returns the restorations that are not on record yet. */
  List<Restoration> unrecorded();

  /** Says that a restoration is on record. */
  void recorded(Restoration restoration, Instant now);
}
