// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyArn;
import dev.strongroom.kms.KeyId;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.audit.Journal;
import dev.strongroom.kms.audit.LastUse;
import dev.strongroom.kms.audit.RecordProof;
import dev.strongroom.kms.audit.Verification;
import dev.strongroom.kms.audit.export.ExportResult;
import dev.strongroom.kms.audit.export.LogExport;
import dev.strongroom.kms.audit.usage.MaterialUse;
import dev.strongroom.kms.audit.usage.UsageQuery;
import dev.strongroom.kms.audit.usage.UsageReport;
import dev.strongroom.kms.iam.Accounts;
import dev.strongroom.kms.key.KmsKey;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Reads the audit trail, and proves what it says. */
final class AuditReading {
  private final Gate gate;
  private final NamedKeys names;
  private final ManagementGate management;
  private final Accounts accounts;
  private final Journal trail;
  private final LogExport export;

  AuditReading(
      Gate gate,
      NamedKeys names,
      ManagementGate management,
      Accounts accounts,
      Journal trail,
      LogExport export) {
    this.gate = gate;
    this.names = names;
    this.management = management;
    this.accounts = accounts;
    this.trail = trail;
    this.export = export;
  }

  List<AuditRecord> lookupEvents(Caller caller, AuditQuery query) {
    return gate.run(
        Call.of(caller, Operation.LOOKUP_EVENTS),
        () -> {
          AuditQuery.Viewer viewer = viewer(caller, accounts);
          return trail.lookup(query.by(viewer)).stream()
              .map(record -> shown(record, viewer))
              .toList();
        });
  }

  EventFeed followEvents(Caller caller, AuditQuery query) {
    Call call = Call.of(caller, Operation.LOOKUP_EVENTS, Map.of("follow", "true"));
    return gate.run(
        call,
        () -> {
          AuditQuery.Viewer viewer = viewer(caller, accounts);
          return new EventFeed(
              trail.follow(query.by(viewer)),
              () -> gate.requireAllowed(call),
              record -> shown(record, viewer));
        });
  }

  /** Returns what a caller may see of the trail. */
  static AuditQuery.Viewer viewer(Caller caller, Accounts accounts) {
    String account = caller.accountId();
    return new AuditQuery.Viewer(account, accounts.isManagement(account));
  }

  /** Accounts that share a record do not see each other's policies in it. */
  private static AuditRecord shown(AuditRecord record, AuditQuery.Viewer viewer) {
    if (record.sharedWith().isPresent()) {
      return record.sharedWith().get().equals(viewer.account())
          ? record.withoutSessionPolicy()
          : record.withoutDecider();
    }
    return record.keyArn().filter(arn -> !viewer.isOurs(arn)).isPresent()
        ? record.withoutDecider()
        : record;
  }

  /** Journals are of all accounts together, and so for the one that manages them. */
  private <T> T runOnAll(Call call, Supplier<T> work) {
    return management.run(
        call,
        "the journals hold the records of all accounts; the account that the KMS was made with"
            + " verifies them",
        work);
  }

  List<Verification> validateLogs(Caller caller) {
    return runOnAll(Call.of(caller, Operation.VALIDATE_LOGS), trail::verify);
  }

  ExportResult exportLogs(Caller caller, Path folder) {
    return runOnAll(Call.of(caller, Operation.EXPORT_LOGS), () -> export.into(folder));
  }

  RecordProof prove(Caller caller, UUID eventId) {
    return runOnAll(
        Call.of(caller, Operation.PROVE, Map.of("eventId", eventId.toString())),
        () -> trail.prove(eventId));
  }

  List<PublicKey> listPublicKeys(Caller caller) {
    return gate.run(Call.of(caller, Operation.LIST_PUBLIC_KEYS), trail::publicKeys);
  }

  GetKeyLastUsageResult getKeyLastUsage(Caller caller, KeyRef ref) {
    return gate.run(
        Call.of(caller, Operation.GET_KEY_LAST_USAGE),
        ref,
        null,
        live -> lastUsage(caller, live.key()));
  }

  private GetKeyLastUsageResult lastUsage(Caller caller, KmsKey key) {
    LastUse last = trail.lastUse(key.arn());
    return new GetKeyLastUsageResult(
        key.keyId(),
        last.record().map(record -> shown(record, viewer(caller, accounts))),
        key.creationDate(),
        last.trackingStart(),
        last.unreadable());
  }

  DeletionImpactResult deletionImpact(Caller caller, KeyRef ref) {
    return gate.run(
        Call.of(caller, Operation.DELETION_IMPACT),
        ref,
        null,
        live -> {
          KmsKey key = live.key();
          return new DeletionImpactResult(
              live.metadata(),
              key.aliases().stream().map(named -> named.alias().name()).toList(),
              live.grants().size(),
              lastUsage(caller, key),
              trail.sumUsage(
                  viewer(caller, accounts),
                  Optional.of(key.arn().text()),
                  Optional.empty(),
                  Optional.empty()),
              byGeneration(key, trail.usesByMaterial(key.arn())));
        });
  }

  /** Orders uses of generations as the key has them; one without uses is left out. */
  private static List<MaterialUse> byGeneration(KmsKey key, List<MaterialUse> uses) {
    List<String> generations =
        key.generations().stream().map(generation -> generation.materialId().text()).toList();
    return uses.stream()
        .sorted(Comparator.comparingInt(use -> generations.indexOf(use.keyMaterialId())))
        .toList();
  }

  UsageReport summarizeUsage(Caller caller, UsageQuery query) {
    Call call = Call.of(caller, Operation.SUMMARIZE_USAGE);
    return gate.run(
        query.key().map(call::naming).orElse(call),
        () ->
            trail.sumUsage(
                viewer(caller, accounts),
                query.key().map(key -> nameOnRecord(call, key)),
                query.from(),
                query.to()));
  }

  /** Ids and ARNs need no key: it may have been deleted since. */
  private String nameOnRecord(Call call, KeyRef key) {
    if (key instanceof KeyId || key instanceof KeyArn) {
      return key.text();
    }
    return names
        .arnOf(call, key)
        .map(KeyArn::text)
        .orElseThrow(
            () ->
                new KmsException.NotFound(
                    "There is no "
                        + key.text()
                        + ". 'kms list-aliases' shows which there are; name a key that was deleted"
                        + " by its id."));
  }
}
