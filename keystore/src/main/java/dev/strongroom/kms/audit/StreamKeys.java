// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.util.Optional;
import java.util.UUID;

/**
 * Where the first keys of streams come from. The audit trail knows nothing of HSMs: it is handed
 * this function, which must give one stream under one version of the domain key the same key for
 * ever, and another stream or version another one. Thread-safe.
 */
public interface StreamKeys {

  /** Returns the version of the domain key that a stream is sealed under which begins now. */
  int currentVersion();

  /**
   * Returns the first key of a stream: 32 bytes, which the receiver erases; empty if there is no
   * such version of the domain key.
   *
   * @throws dev.strongroom.kms.KmsException if there is none now; nothing is recorded then
   */
  Optional<byte[]> keyOf(UUID stream, int domainVersion);
}
