// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.jca;

import dev.strongroom.kms.service.NewAccessKey;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** A KMS of its own, and KeyStores that are loaded from it. */
abstract class KeyStoreScene {
  final Room room = new Room();

  @AfterEach
  void close() {
    room.close();
  }

  static List<String> names(KeyStore keyStore) throws KeyStoreException {
    return Collections.list(keyStore.aliases());
  }

  KeyStore unloaded() throws KeyStoreException {
    return KeyStore.getInstance("KMS", room.provider);
  }

  String passwordOf(String user) {
    room.kms().iam().createUser(room.provider.caller(), user, null);
    try (NewKey key = new NewKey(room.kms().iam().createAccessKey(room.provider.caller(), user))) {
      return key.text();
    }
  }

  record NewKey(NewAccessKey key) implements AutoCloseable {
    String text() {
      return key.accessKeyId() + ":" + String.valueOf(key.secret());
    }

    @Override
    public void close() {
      key.destroy();
    }
  }
}
