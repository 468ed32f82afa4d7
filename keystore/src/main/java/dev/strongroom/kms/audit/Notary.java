// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.io.IOException;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Who signs checkpoints and keeps copies of them. The audit trail knows nothing of HSMs: it is
 * handed this. May be slow, and may fail with any {@link RuntimeException}: the checkpoint is then
 * tried again later, and no call waits for it. Thread-safe.
 */
public interface Notary {

  /** Returns the first part of the origin of checkpoints, as {@code strongroom/<domain id>}. */
  String name();

  /** Returns all P-256 keys that {@link #sign} ever used; the first is the one that it uses now. */
  List<PublicKey> publicKeys();

  /** Signs a SHA-256 hash; returns DER. */
  byte[] sign(byte[] hash);

  /** Returns what checkpoints say besides: lines without control characters. */
  List<String> facts();

  /**
   * Gives a checkpoint that is in the journal to whoever witnesses it; does nothing where nobody
   * does.
   *
   * @throws IOException if the witness did not take it
   */
  void publish(UUID stream, String note) throws IOException;

  /**
   * Returns the checkpoint of a stream that was published last, as the witness has it; empty if it
   * has none, or cannot be asked.
   *
   * @throws IOException if the witness does not answer
   */
  Optional<String> published(UUID stream) throws IOException;
}
