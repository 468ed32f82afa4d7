// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Somebody with neither keys nor a register. */
enum Outsider implements StreamKeys, StreamRegister {
  INSTANCE;

  @Override
  public int currentVersion() {
    throw new IllegalStateException("An outsider writes no journal");
  }

  @Override
  public Optional<byte[]> keyOf(UUID stream, int domainVersion) {
    return Optional.empty();
  }

  @Override
  public void opened(UUID stream, Instant time) {
    throw new IllegalStateException("An outsider registers no stream");
  }

  @Override
  public void closed(UUID stream, Instant time, StreamEnd end) {
    throw new IllegalStateException("An outsider registers no stream");
  }

  @Override
  public Optional<RegisteredStream> find(UUID stream) {
    return Optional.empty();
  }

  @Override
  public List<RegisteredStream> all() {
    return List.of();
  }
}
