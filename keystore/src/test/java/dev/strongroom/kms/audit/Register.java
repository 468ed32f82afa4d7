// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** A register in memory. */
final class Register implements StreamRegister {
  private final Map<UUID, RegisteredStream> streams = new ConcurrentHashMap<>();

  @Override
  public void opened(UUID stream, Instant time) {
    streams.put(stream, new RegisteredStream(stream, time, Optional.empty()));
  }

  @Override
  public void closed(UUID stream, Instant time, StreamEnd end) {
    streams.computeIfPresent(
        stream, (id, known) -> new RegisteredStream(id, known.opened(), Optional.of(end)));
  }

  @Override
  public Optional<RegisteredStream> find(UUID stream) {
    return Optional.ofNullable(streams.get(stream));
  }

  @Override
  public List<RegisteredStream> all() {
    return List.copyOf(streams.values());
  }
}
