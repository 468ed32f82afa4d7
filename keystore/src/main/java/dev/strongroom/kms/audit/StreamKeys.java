// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.util.UUID;

/**
 * Where the first keys of streams come from. The audit trail knows nothing of HSMs: it is handed
 * this function, which must give one stream the same key for ever, and another stream another one.
 */
@FunctionalInterface
public interface StreamKeys {

  /**
   * Returns the first key of a stream: 32 bytes, which the receiver erases.
   *
   * @throws dev.strongroom.kms.KmsException if there is none now; nothing is recorded then
   */
  byte[] keyOf(UUID stream);
}
