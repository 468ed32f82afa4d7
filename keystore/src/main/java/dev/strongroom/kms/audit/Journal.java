// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.audit;

import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.RowChange;
import dev.strongroom.kms.audit.usage.MaterialUse;
import dev.strongroom.kms.audit.usage.UsageReport;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The audit trail in a folder of files, or in two folders that have the same, one stream of files
 * for each process; several processes write side by side. {@link JournalFormat} has the bytes.
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
  private final Succession recorders;
  private final JournalSettings settings;
  private final AuditVerifier verifier;
  private final StreamRegister register;
  private final Notary notary;

  /**
   * Returns a journal.
   *
   * @param keys asked once for each stream that is written or verified
   * @param register told of each stream before its first record
   * @param notary signs the checkpoints
   * @param clock the time of records
   */
  public Journal(
      JournalSettings settings,
      StreamKeys keys,
      StreamRegister register,
      Notary notary,
      Clock clock) {
    this.recorders = new Succession(settings, new JournalDuty(keys, register, notary), clock);
    this.settings = settings;
    this.register = register;
    this.notary = notary;
    this.verifier = new AuditVerifier(settings.folders(), keys, register, notary);
  }

  @Override
  public void record(AuditEvent event) {
    try {
      boolean isRecorded = false;
      while (!isRecorded) {
        isRecorded = recorders.active().record(event);
      }
    } finally {
      // The journal's thread ends the stream of a journal that nobody holds any more.
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void expectRecord() {
    recorders.active().expectRecord();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Damaged records are left out where they cannot be read; {@link AuditRecord#integrity} says
   * of the others whether the seal over them was verified. A log line names each damaged block.
   * What is missing does not show here, see {@link #verify}.
   */
  @Override
  public List<AuditRecord> lookup(AuditQuery query) {
    return new Lookup(verifier, query).run();
  }

  /**
   * Follows what is recorded from now on, by this process and others.
   *
   * @param query its attributes and its viewer count; a time of records yet to come can be asked
   *     for
   */
  public RecordFeed follow(AuditQuery query) {
    return new RecordFeed(settings.folders(), register, query);
  }

  /**
   * Sums up who used which key for what, in one pass over all streams. Nothing is verified; {@link
   * UsageReport#unreadable} says whether something could not be read.
   *
   * @param viewer for whom
   * @param key a key id or ARN
   * @throws dev.strongroom.kms.KmsException.LimitExceeded if there would be more than {@link
   *     dev.strongroom.kms.audit.usage.UsageTally#MAX_SUMS} sums
   */
  public UsageReport sumUsage(
      AuditQuery.Viewer viewer,
      Optional<String> key,
      Optional<Instant> from,
      Optional<Instant> to) {
    return new KeyUses(verifier).sums(viewer, key, from, to);
  }

  /** Returns the last cryptographic call with a key that succeeded. */
  public LastUse lastUse(KeyArn key) {
    return new KeyUses(verifier).last(key.text());
  }

  /** Returns how often each generation of a key's material was used for what. */
  public List<MaterialUse> usesByMaterial(KeyArn key) {
    return new KeyUses(verifier).byMaterial(key.text());
  }

  /**
   * Verifies all streams, as far as they are on the disk.
   *
   * @throws dev.strongroom.kms.KmsException.AuditUnavailable if one cannot be read
   */
  public List<Verification> verify() {
    return verifier.verifyAll();
  }

  /**
   * Hands over the records of all streams that come behind those that were read before; of a stream
   * that was changed, those before the change. In the order of each stream, one stream after the
   * other.
   *
   * @param from how many records of each stream were read already; of others none were
   * @return what there is to say of each stream that was looked at: closed ones that were read to
   *     their end are not
   * @throws dev.strongroom.kms.KmsException.AuditUnavailable if one cannot be read, or was changed
   *     meanwhile: what was handed over is then not to be believed
   */
  public List<Verification> readOn(Map<UUID, Long> from, Consumer<AuditRecord> each) {
    return new FurtherRecords(verifier).read(from, each);
  }

  /**
   * Returns the proof of one record, for somebody who has the public keys only.
   *
   * @param eventId as {@link CloudTrailJson} shows it
   * @throws dev.strongroom.kms.KmsException.NotFound if there is no such record, or if it is not
   *     signed yet
   */
  public RecordProof prove(UUID eventId) {
    return new AuditProver(verifier).prove(eventId);
  }

  /** Returns the keys that checkpoints are signed with, the newest first. */
  public List<PublicKey> publicKeys() {
    return notary.publicKeys();
  }

  /** Returns who signs what is proved of this trail. */
  public Notary notary() {
    return notary;
  }

  /**
   * Makes sure that changes of the store can be recorded.
   *
   * @throws dev.strongroom.kms.KmsException.AuditUnavailable if they cannot
   */
  public void prepare() {
    boolean isOpen = false;
    while (!isOpen) {
      isOpen = recorders.active().open();
    }
  }

  /**
   * Puts on record, and on the disk, what a transaction is about to do to the store. Does not use
   * the store: {@link #prepare} did, if need be.
   *
   * @param revision of the store after the transaction
   * @throws dev.strongroom.kms.KmsException.AuditUnavailable if it cannot; the transaction must be
   *     undone
   */
  public void recordChanging(long revision, List<RowChange> rows) {
    recorders.active().record(ChangeFrame.begun(revision, rows), true);
  }

  /**
   * Puts on record that a transaction was committed.
   *
   * @throws dev.strongroom.kms.KmsException.AuditUnavailable if it cannot
   */
  public void recordChanged(long revision) {
    recorders.active().record(List.of(ChangeFrame.committed(revision)), false);
  }

  /**
   * Begins to read what is on record of changes of the store.
   *
   * @throws dev.strongroom.kms.KmsException.AuditUnavailable if a stream cannot be read
   */
  public ChangeReader readChanges() {
    return ChangeReader.begin(verifier);
  }

  /** Returns why nothing can be recorded now, for {@code doctor}; empty while nothing failed. */
  public Optional<Throwable> failure() {
    return recorders.active().failure();
  }

  /** Returns how the writing of this process stands. */
  public JournalState state() {
    return recorders.state();
  }

  /**
   * Returns which of two folders cannot be written now, and why, for {@code doctor}. Waits a little
   * for what a journal that was just begun finds out.
   */
  public Map<Path, Throwable> failingFolders() {
    recorders.active().awaitMirror();
    return recorders.destinations().failing();
  }

  /** Returns the registered streams none of whose files is there any more, for {@code doctor}. */
  public List<RegisteredStream> missingStreams() {
    return verifier.missing();
  }

  @Override
  public void close() {
    recorders.close();
  }
}
