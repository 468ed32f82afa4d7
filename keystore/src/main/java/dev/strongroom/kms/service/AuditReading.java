// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.audit.AuditQuery;
import dev.strongroom.kms.audit.AuditRecord;
import dev.strongroom.kms.audit.Journal;
import dev.strongroom.kms.audit.RecordProof;
import dev.strongroom.kms.audit.Verification;
import dev.strongroom.kms.audit.export.ExportResult;
import dev.strongroom.kms.audit.export.LogExport;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Reads the audit trail, and proves what it says. */
final class AuditReading {
  private final Gate gate;
  private final Journal trail;
  private final LogExport export;

  AuditReading(Gate gate, Journal trail, LogExport export) {
    this.gate = gate;
    this.trail = trail;
    this.export = export;
  }

  List<AuditRecord> lookupEvents(Caller caller, AuditQuery query) {
    return gate.run(Call.of(caller, Operation.LOOKUP_EVENTS), () -> trail.lookup(query));
  }

  List<Verification> validateLogs(Caller caller) {
    return gate.run(Call.of(caller, Operation.VALIDATE_LOGS), trail::verify);
  }

  ExportResult exportLogs(Caller caller, Path folder) {
    return gate.run(Call.of(caller, Operation.EXPORT_LOGS), () -> export.into(folder));
  }

  RecordProof prove(Caller caller, UUID eventId) {
    return gate.run(
        Call.of(caller, Operation.PROVE, Map.of("eventId", eventId.toString())),
        () -> trail.prove(eventId));
  }

  List<PublicKey> listPublicKeys(Caller caller) {
    return gate.run(Call.of(caller, Operation.LIST_PUBLIC_KEYS), trail::publicKeys);
  }
}
