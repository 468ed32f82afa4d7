// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.field;

import dev.strongroom.jca.StrongroomProvider;
import dev.strongroom.keystore.KmsSecretKey;
import dev.strongroom.kms.Alias;
import dev.strongroom.kms.CmkSpec;
import dev.strongroom.kms.KeyMetadata;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.service.CreateKeyRequest;
import java.util.concurrent.atomic.AtomicLong;

/** A temporary KMS with one CMK, and a clock that tests move. */
final class Fields implements AutoCloseable {
  final StrongroomProvider provider = StrongroomProvider.temporary();
  final AtomicLong nanos = new AtomicLong();
  final KmsSecretKey cmk = create("app");

  KmsSecretKey create(String alias) {
    KeyMetadata made =
        provider
            .kms()
            .createKey(
                provider.caller(),
                CreateKeyRequest.of(CmkSpec.SYMMETRIC_DEFAULT)
                    .withAlias(new Alias("alias/" + alias)));
    return (KmsSecretKey) provider.key(made.arn().toString());
  }

  FieldEncryptor encryptor(FieldLimits limits) {
    return FieldEncryptor.of(cmk, limits, nanos::get);
  }

  /** Returns how often an operation is on record. */
  long recorded(String operation) {
    return provider.kms().lookupEvents(provider.caller(), AuditQuery.newest(10_000)).stream()
        .filter(record -> record.eventName().equals(operation))
        .count();
  }

  @Override
  public void close() {
    provider.close();
  }
}
