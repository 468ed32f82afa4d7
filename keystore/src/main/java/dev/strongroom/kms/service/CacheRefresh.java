// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.cloudhsm.CustomKeyStores;
import dev.strongroom.kms.iam.CallerPolicies;
import dev.strongroom.kms.storage.KeyStorage;
import java.util.Set;

/** Has what is kept in memory forgotten when it is changed in the store. */
record CacheRefresh(CallerPolicies callers, KeyCache keys, CustomKeyStores customKeyStores)
    implements KeyStorage.ChangeListener {

  @Override
  public void changed(Set<KeyId> changed, boolean identities) {
    if (identities) {
      callers.changed();
    }
    keys.changed(changed);
    keys.refreshImported(changed);
  }

  @Override
  public void destroyed(Set<KeyId> gone) {
    keys.destroyed(gone);
  }

  @Override
  public void customKeyStoresChanged() {
    customKeyStores.changed();
  }
}
