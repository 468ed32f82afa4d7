// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.storage;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A stream of the audit trail as the store keeps it. */
public final class AuditStreamRow {
  private final UUID stream;
  private final Instant started;
  private final Optional<Instant> sealed;
  private final byte[] lastState;

  /**
   * Copies {@code lastState}.
   *
   * @param sealed when it was closed; empty while its process runs, and if that was killed
   * @param lastState what the audit trail says of its end; empty before
   */
  public AuditStreamRow(UUID stream, Instant started, Optional<Instant> sealed, byte[] lastState) {
    this.stream = stream;
    this.started = started;
    this.sealed = sealed;
    this.lastState = lastState.clone();
  }

  public UUID stream() {
    return stream;
  }

  public Instant started() {
    return started;
  }

  public Optional<Instant> sealed() {
    return sealed;
  }

  public byte[] lastState() {
    return lastState.clone();
  }
}
