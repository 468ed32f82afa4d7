// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import dev.strongroom.kms.RowChange;
import java.util.List;

/**
 * Who puts on record how transactions change rows: before they are committed, so that there is no
 * change without a record, and again after. Thread-safe.
 */
public interface ChangeRecorder {

  /** Puts nothing on record. */
  ChangeRecorder NONE =
      new ChangeRecorder() {
        @Override
        public void prepare() {}

        @Override
        public void changing(long revision, List<RowChange> changes) {}

        @Override
        public void changed(long revision) {}
      };

  /**
   * Makes sure that changes can be recorded; called outside of a transaction, since the recorder
   * may need the store for that.
   */
  void prepare();

  /**
   * Records changes that are about to be committed; must not use the store. What it throws undoes
   * the transaction.
   *
   * @param revision what the store's will be
   */
  void changing(long revision, List<RowChange> changes);

  /** Records that the changes were committed; throws nothing. */
  void changed(long revision);
}
