// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.audit.RecordFeed;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What is recorded from now on and the caller may see. Whoever loses the right to look at the trail
 * is refused at the next {@link #poll}; looking again and again is not on record, the start is.
 *
 * <p>Not thread-safe. Close it before the KMS.
 */
public final class EventFeed implements AutoCloseable {
  private final RecordFeed records;
  private final Runnable permission;
  private final UnaryOperator<AuditRecord> shown;

  /**
   * @param permission throws what is to be told to a caller who may look no more
   * @param shown leaves out what the caller may not see of a record
   */
  EventFeed(RecordFeed records, Runnable permission, UnaryOperator<AuditRecord> shown) {
    this.records = records;
    this.permission = permission;
    this.shown = shown;
  }

  /**
   * Hands over the records that came since the last time, those of one process in their order;
   * returns at once where there are none. Their {@link AuditRecord#integrity} is not known yet.
   *
   * @throws dev.strongroom.kms.KmsException.AccessDenied if the caller may look no more
   * @throws dev.strongroom.kms.KmsException.AuditUnavailable if the trail cannot be read
   */
  public void poll(Consumer<AuditRecord> each) {
    permission.run();
    records.poll(record -> each.accept(shown.apply(record)));
  }

  @Override
  public void close() {
    records.close();
  }
}
