// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import java.lang.ref.Reference;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * The audit trail in a folder of files, one stream of files for each process; several processes
 * write side by side. {@link JournalFormat} has the bytes.
 *
 * <p>{@link #record} stores to a mapped file and returns: from then on the record survives the end
 * of the process, and within 10 ms (or before returning, see {@link JournalSettings.Sync}) a loss
 * of power. If that cannot be kept, every call is refused until it can. A journal that is forgotten
 * unclosed ends itself. The constructor does no I/O; the first record makes the folder, the file
 * and a daemon thread.
 *
 * <p>Thread-safe.
 */
public final class Journal implements AuditTrail {
  private final Recorder recorder;
  private final AuditVerifier verifier;

  /**
   * Returns a journal.
   *
   * @param keys asked once for each stream that is written or verified
   * @param register told of each stream before its first record
   * @param clock the time of records
   */
  public Journal(JournalSettings settings, StreamKeys keys, StreamRegister register, Clock clock) {
    this.recorder = new Recorder(settings, new JournalDuty(keys, register), clock, this);
    this.verifier = new AuditVerifier(settings.folder(), keys, register);
  }

  @Override
  public void record(AuditEvent event) {
    try {
      recorder.record(event);
    } finally {
      // The journal's thread ends the stream of a journal that nobody holds any more.
      Reference.reachabilityFence(this);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Damaged records are left out where they cannot be read; {@link AuditRecord#integrity} says
   * of the others whether their seal was verified. A log line names each damaged stream.
   */
  @Override
  public List<AuditRecord> lookup(AuditQuery query) {
    return new Lookup(recorder.settings().folder(), verifier, query).run();
  }

  /** Returns why nothing can be recorded now, for {@code doctor}; empty while nothing failed. */
  public Optional<Throwable> failure() {
    return recorder.failure();
  }

  /** Returns the registered streams none of whose files is there any more, for {@code doctor}. */
  public List<RegisteredStream> missingStreams() {
    return verifier.missing();
  }

  @Override
  public void close() {
    recorder.close();
  }
}
