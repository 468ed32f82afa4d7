// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.util.List;

/**
 * Where calls are recorded. A record that {@link #record} returned from survives the process: no
 * result may be released before.
 *
 * <p>Thread-safe.
 */
public interface AuditTrail extends AutoCloseable {

  /**
   * Writes one record.
   *
   * @throws dev.strongroom.kms.KmsException.AuditUnavailable if it cannot be written; the call must
   *     then fail. Later calls try again.
   */
  void record(AuditEvent event);

  /**
   * Says that a record will come soon. What it would have to wait for is begun, beside the caller;
   * a failure shows when the record comes.
   */
  void expectRecord();

  /** Returns the records that {@code query} selects from all streams, in the order of time. */
  List<AuditRecord> lookup(AuditQuery query);

  /** Seals the journal; recording afterwards is an {@link IllegalStateException}. */
  @Override
  void close();
}
