// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Place;
import dev.strongroom.kms.audit.AuditTrail;
import dev.strongroom.kms.crypto.envelope.frame.FrameWorkers;
import dev.strongroom.kms.metrics.KmsMXBean;

/**
 * The parts of a KMS in this process, wired. The order of {@link #close} is the reverse of making
 * them.
 *
 * @param sweeping does what is due in the life of keys, as the keeper has it done every minute
 * @param resources what is closed, in that order: keeper, journal, keys, store, HSM
 */
record KmsParts(
    Place place,
    Kms.Assurance assurance,
    KeyCreation keyCreation,
    KeyEnsuring keyEnsuring,
    KeyAdministration keyAdministration,
    KeyDeletions keyDeletions,
    KeyRotations keyRotations,
    KeyImports keyImports,
    KeyReplication keyReplication,
    Replicas replicas,
    CustomKeyStoreAdministration customKeyStores,
    AliasAdministration aliasAdministration,
    TagAdministration tagAdministration,
    GrantAdministration grantAdministration,
    Encryption encryption,
    DataKeys dataKeys,
    Randomness randomness,
    Signing signing,
    PublicKeys publicKeys,
    CertificateAdministration certificateAdministration,
    TrustAdministration trustAdministration,
    SharedSecrets sharedSecrets,
    IdentityAdministration identityAdministration,
    ApprovalAdministration approvalAdministration,
    ApprovalRequests approvalRequests,
    Approving approving,
    AuditReading auditReading,
    Explanations explanations,
    Iam iam,
    Sts sts,
    Organizations organizations,
    CloudHsm cloudHsm,
    Backups backups,
    BackupSchedule backupSchedule,
    Restorations restorations,
    KeyStoreViews keyStoreViews,
    HealthCheck healthCheck,
    AuditTrail trail,
    KmsMXBean metrics,
    FrameWorkers workers,
    Runnable sweeping,
    Resources resources) {

  void close() {
    resources.close();
  }
}
