// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.embedded.EmbeddedHsm;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditEvent;
import dev.strongroom.kms.audit.AuditTrail;
import dev.strongroom.kms.backup.BackupHeader;
import dev.strongroom.kms.backup.BackupKey;
import dev.strongroom.kms.backup.BackupReader;
import dev.strongroom.kms.backup.BackupWriter;
import dev.strongroom.kms.backup.KnownAnswers;
import dev.strongroom.kms.key.Derivation.Label;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.key.DomainRecord;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.storage.KeyStorage;
import dev.strongroom.kms.storage.StoreState;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Makes backups, for callers and by the schedule. Thread-safe. */
final class BackupMaker {
  private static final String EVENT = "BackupCreated";
  private static final int ID_BYTES = 9;

  private final KmsConfig config;
  private final Optional<EmbeddedHsm> embedded;
  private final DomainKeyring domain;
  private final KeyStorage storage;
  private final KnownAnswers answers;
  private final AuditTrail trail;
  private final SecureRandom random;
  private final Clock clock;

  /**
   * Makes it.
   *
   * @param embedded the HSM, if it is the embedded one
   */
  BackupMaker(
      KmsConfig config,
      Optional<EmbeddedHsm> embedded,
      DomainKeyring domain,
      KeyStorage storage,
      KnownAnswers answers,
      AuditTrail trail,
      SecureRandom random,
      Clock clock) {
    this.config = config;
    this.embedded = embedded;
    this.domain = domain;
    this.storage = storage;
    this.answers = answers;
    this.trail = trail;
    this.random = random;
    this.clock = clock;
  }

  String newId() {
    byte[] drawn = new byte[ID_BYTES];
    random.nextBytes(drawn);
    return "backup-" + HexFormat.of().formatHex(drawn).substring(1);
  }

  /** Makes a backup, and puts on record what it is of. */
  BackupDescription make(String id) {
    List<PublicKey> recipients = recipients();
    BackupFolder folder = BackupFolder.of(config).prepare();
    folder.removeUnfinished(clock.instant());
    Path file = folder.fileOf(id, clock.instant());
    BackupDescription made;
    try (BackupKey key = BackupKey.draw(random)) {
      BackupWriter writer = new BackupWriter(file, key);
      try {
        write(writer, key, id, recipients);
        made = BackupFolder.describe(file, Optional.of(verified(file)));
      } finally {
        writer.discard();
      }
    } catch (IOException | UncheckedIOException e) {
      throw new KmsException.Configuration(
          "The backup could not be written to "
              + file
              + " ("
              + e
              + "); nothing is left of it. Make its folder writable and see that the disk is not"
              + " full, or set backup.folder.",
          e);
    }
    record(made);
    return made;
  }

  /** A backup that nobody can read is worse than none: one whose signer was rotated meanwhile. */
  private static byte[] verified(Path file) throws IOException {
    try {
      return BackupReader.open(file).verify();
    } catch (KmsException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private List<PublicKey> recipients() {
    List<PublicKey> recipients = config.backupRecipients();
    if (!recipients.isEmpty() && embedded.isEmpty()) {
      throw new KmsException.Configuration(
          "The setting backup.recipients is for the embedded domain key: that of an HSM is never in"
              + " a backup, which is restored onto an HSM that has it. Leave the setting out.",
          null);
    }
    return recipients;
  }

  private void write(BackupWriter writer, BackupKey key, String id, List<PublicKey> recipients)
      throws IOException {
    AtomicReference<DataOutputStream> content = new AtomicReference<>();
    StoreState state =
        storage
            .restorations()
            .copy(
                now -> {
                  BackupHeader header = header(now, key, id, recipients);
                  DataOutputStream out = new DataOutputStream(writer.begin(header));
                  writeDomainKey(header, out);
                  content.set(out);
                  return out;
                });
    KnownAnswers.write(answers(state), Objects.requireNonNull(content.get()));
    writer.finish(domain::sign);
  }

  private BackupHeader header(
      StoreState state, BackupKey key, String id, List<PublicKey> recipients) {
    DomainRecord record = state.domain();
    int version = record.active().number();
    return new BackupHeader(
        id,
        clock.instant(),
        config.place().region(),
        config.place().account(),
        state.head().revision(),
        state.head().hash(),
        state.incarnation(),
        record,
        state.keys().size(),
        state.auditStreams(),
        !recipients.isEmpty(),
        key.wrap(
            record.domainId(),
            version,
            context -> domain.derive(version, Label.BACKUP, context),
            random),
        recipients.stream().map(key::wrapFor).toList());
  }

  /** All versions: verifiers of access keys, and sealed parts of the trail, are under old ones. */
  private void writeDomainKey(BackupHeader header, DataOutputStream out) throws IOException {
    if (!header.holdsDomainKey()) {
      out.writeInt(0);
      return;
    }
    List<DomainRecord.Version> versions = header.domain().versions();
    out.writeInt(versions.size());
    for (DomainRecord.Version version : versions) {
      byte[] secret =
          embedded
              .orElseThrow()
              .exportDomainKey(new DomainKeyId(header.domain().domainId(), version.number()));
      try {
        out.writeInt(version.number());
        out.writeInt(secret.length);
        out.write(secret);
      } finally {
        Arrays.fill(secret, (byte) 0);
      }
    }
  }

  /** A key that was changed since the copy may have material that the copy lacks. */
  private List<KnownAnswers.Answer> answers(StoreState state) {
    List<KnownAnswers.Answer> made = new ArrayList<>();
    for (int position : KnownAnswers.sample(state.keys().size())) {
      Optional<KmsKey> key =
          storage
              .findKey(state.keys().get(position))
              .filter(found -> found.revision() <= state.head().revision())
              .filter(found -> found.storedObject().isEmpty());
      key.ifPresent(found -> made.addAll(answers.make(found)));
    }
    return made;
  }

  private void record(BackupDescription made) {
    trail.record(
        new AuditEvent(
            EVENT,
            true,
            null,
            null,
            null,
            EncryptionContext.EMPTY,
            Map.of(
                "backupId", made.id(),
                "sha256", made.sha256().orElse(""),
                "keys", String.valueOf(made.keys()),
                "storeRevision", String.valueOf(made.storeRevision()),
                "incarnation", made.incarnation()),
            null,
            null,
            null,
            null));
  }
}
