// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.audit.RegisteredStream;
import dev.strongroom.kms.audit.StreamEnd;
import dev.strongroom.kms.audit.StreamKeys;
import dev.strongroom.kms.audit.StreamRegister;
import dev.strongroom.kms.key.Derivation.Label;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.storage.AuditStreamRow;
import dev.strongroom.kms.storage.KeyStorage;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What the audit trail is handed: keys of the domain key, and rows of the store.
 *
 * <p>Holds the store weakly. The journal's thread has this object, and the store's listeners lead
 * to all of a KMS: one that was forgotten unclosed would otherwise live for ever. Its last stream
 * then stays registered as one that was never closed.
 */
final class AuditStreams implements StreamKeys, StreamRegister {
  private final DomainKeyring domain;
  private final WeakReference<KeyStorage> storage;

  AuditStreams(DomainKeyring domain, KeyStorage storage) {
    this.domain = domain;
    this.storage = new WeakReference<>(storage);
  }

  @Override
  public int currentVersion() {
    return domain.activeVersion();
  }

  @Override
  public Optional<byte[]> keyOf(UUID stream, int domainVersion) {
    byte[] context =
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(stream.getMostSignificantBits())
            .putLong(stream.getLeastSignificantBits())
            .array();
    return domain.record().versions().stream()
        .filter(version -> version.number() == domainVersion)
        .findFirst()
        .map(version -> domain.derive(version.number(), Label.AUDIT, context));
  }

  @Override
  public void opened(UUID stream, Instant time) {
    storage().saveStream(new AuditStreamRow(stream, time, Optional.empty(), new byte[0]));
  }

  @Override
  public void closed(UUID stream, Instant time, StreamEnd end) {
    Instant started = storage().findStream(stream).map(AuditStreamRow::started).orElse(time);
    storage().saveStream(new AuditStreamRow(stream, started, Optional.of(time), end.toBytes()));
  }

  @Override
  public Optional<RegisteredStream> find(UUID stream) {
    return storage().findStream(stream).map(AuditStreams::registered);
  }

  @Override
  public List<RegisteredStream> all() {
    return storage().listStreams().stream().map(AuditStreams::registered).toList();
  }

  private static RegisteredStream registered(AuditStreamRow row) {
    return new RegisteredStream(
        row.stream(),
        row.started(),
        row.sealed().map(time -> StreamEnd.fromBytes(row.lastState())));
  }

  private KeyStorage storage() {
    KeyStorage open = storage.get();
    if (open == null) {
      throw new IllegalStateException("The KMS of this audit trail is gone");
    }
    return open;
  }
}
