// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.adapter.jpa;

import dev.strongroom.field.FieldEncryptor;
import dev.strongroom.jca.StrongroomProvider;
import dev.strongroom.keystore.KmsKeyHandle;
import dev.strongroom.keystore.KmsSecretKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An encryptor under a key of the installed provider, which is looked up at first use: JPA makes
 * converters before an application has opened anything. A failure is not remembered. Thread-safe.
 */
final class LazyFields {
  private final String keyName;
  private final Map<String, String> context;
  private volatile @Nullable FieldEncryptor fields;

  LazyFields(String keyName, Map<String, String> context) {
    this.keyName = keyName;
    this.context = Map.copyOf(context);
  }

  FieldEncryptor get() {
    FieldEncryptor known = fields;
    return known != null ? known : open();
  }

  private synchronized FieldEncryptor open() {
    if (fields == null) {
      KmsKeyHandle key = StrongroomProvider.installed().key(keyName);
      if (!(key instanceof KmsSecretKey cmk)) {
        throw new IllegalArgumentException(
            "Attributes are encrypted under a key of spec SYMMETRIC_DEFAULT, and "
                + key.arn()
                + " is of spec "
                + key.metadata().spec()
                + ".");
      }
      fields = FieldEncryptor.of(cmk).within(context);
    }
    return fields;
  }
}
