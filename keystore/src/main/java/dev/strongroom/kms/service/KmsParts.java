// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Place;
import dev.strongroom.kms.crypto.envelope.frame.FrameWorkers;
import dev.strongroom.kms.metrics.KmsMXBean;

/**
 * The parts of a KMS in this process, wired. The order of {@link #close} is the reverse of making
 * them.
 *
 * @param resources what is closed, in that order: keeper, journal, keys, store, HSM
 */
record KmsParts(
    Place place,
    Kms.Assurance assurance,
    KeyAdministration keyAdministration,
    KeyDeletions keyDeletions,
    AliasAdministration aliasAdministration,
    TagAdministration tagAdministration,
    GrantAdministration grantAdministration,
    Encryption encryption,
    DataKeys dataKeys,
    Randomness randomness,
    Signing signing,
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
    KeyStoreViews keyStoreViews,
    HealthCheck healthCheck,
    KmsMXBean metrics,
    FrameWorkers workers,
    Resources resources) {

  void close() {
    resources.close();
  }
}
