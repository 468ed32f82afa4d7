// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Where streams are written down outside of the folder of the journals, authenticated, so that a
 * whole stream, or the end of a closed one, cannot vanish. Thread-safe; any method may throw a
 * {@link dev.strongroom.kms.KmsException}.
 */
public interface StreamRegister {

  /** Registers a stream, whose first file is there and holds no record yet. */
  void opened(UUID stream, Instant time);

  /** Registers how a stream ended. */
  void closed(UUID stream, Instant time, StreamEnd end);

  /** Returns what is registered of a stream. */
  Optional<RegisteredStream> find(UUID stream);

  /** Returns all streams that were ever registered; none can be missing. */
  List<RegisteredStream> all();
}
