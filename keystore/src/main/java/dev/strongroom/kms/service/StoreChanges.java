// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.RowChange;
import dev.strongroom.kms.audit.Journal;
import dev.strongroom.kms.storage.ChangeRecorder;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.WeakReference;
import java.util.List;

/**
 * Puts changes of the store on record. Holds the trail weakly: threads of the store lead here, and
 * a KMS that was forgotten unclosed must be collected.
 */
final class StoreChanges implements ChangeRecorder {
  private static final Logger LOG = System.getLogger(StoreChanges.class.getName());

  private final WeakReference<Journal> trail;

  StoreChanges(Journal trail) {
    this.trail = new WeakReference<>(trail);
  }

  @Override
  public void prepare() {
    trail().prepare();
  }

  @Override
  public void changing(long revision, List<RowChange> changes) {
    trail().recordChanging(revision, changes);
  }

  @Override
  public void changed(long revision) {
    try {
      trail().recordChanged(revision);
    } catch (KmsException | IllegalStateException e) {
      // The change is on record, and durable; only that it was not undone is left open.
      LOG.log(Level.DEBUG, "That a change was committed is not on record", e);
    }
  }

  private Journal trail() {
    Journal open = trail.get();
    if (open == null) {
      throw new IllegalStateException("The KMS of this store is gone");
    }
    return open;
  }
}
