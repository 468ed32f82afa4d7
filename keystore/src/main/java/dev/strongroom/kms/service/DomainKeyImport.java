// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.transport.DomainKeyCarrier;
import dev.strongroom.kms.EncryptionContext;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.audit.AuditEvent;
import dev.strongroom.kms.audit.AuditTrail;
import dev.strongroom.kms.crypto.SystemRandom;
import dev.strongroom.kms.custody.Custody;
import dev.strongroom.kms.custody.CustodyPackage;
import dev.strongroom.kms.custody.KeyShare;
import dev.strongroom.kms.key.DomainKeyring;
import dev.strongroom.kms.key.DomainRecord;
import dev.strongroom.kms.storage.JdbcStore;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Brings the domain key of a store back into its HSM, which may have lost it: so the KMS is not
 * open, and nobody can be authenticated; that enough custodians agree is what lets it happen.
 */
final class DomainKeyImport {
  private static final String EVENT = "DomainKeyImported";

  private final KmsConfig config;

  DomainKeyImport(KmsConfig config) {
    this.config = config;
  }

  List<DomainKeyId> run(CustodyPackage custodyPackage, List<KeyShare> shares) {
    List<DomainKeyId> brought = bring(custodyPackage, shares);
    EmbeddedKms kms = KmsAssembly.open(config, () -> {});
    try {
      record(kms.open().trail(), custodyPackage, shares, brought);
    } finally {
      kms.close();
    }
    return brought;
  }

  private List<DomainKeyId> bring(CustodyPackage custodyPackage, List<KeyShare> shares) {
    Resources resources = new Resources();
    try {
      HomeFolder.prepare(config);
      JdbcStore store = JdbcStore.open(config.store(), Clock.systemUTC());
      resources.add(store::close);
      DomainRecord record = store.domain().orElseThrow(this::noStore);
      if (!record.domainId().equals(custodyPackage.domainId())) {
        throw new KmsException.Validation(
            "The package is of domain "
                + custodyPackage.domainId()
                + ", and this store is of domain "
                + record.domainId()
                + ". Take the package of this store. Nothing was done.");
      }
      DomainKeyCarrier hsm = HsmOpener.open(config);
      resources.add(hsm::close);
      List<DomainKeyId> brought =
          new Custody(hsm, SystemRandom.direct())
              .restore(custodyPackage, shares, key -> DomainKeyring.isRight(key, record));
      resources.close();
      return brought;
    } catch (KmsException e) {
      KmsAssembly.closeQuietly(resources, e);
      throw e;
    }
  }

  private KmsException noStore() {
    return new KmsException.Configuration(
        "There is no KMS in "
            + config.store()
            + ", so nothing says whether that is the right domain key. Restore the store first.",
        null);
  }

  private static void record(
      AuditTrail trail,
      CustodyPackage custodyPackage,
      List<KeyShare> shares,
      List<DomainKeyId> brought) {
    trail.record(
        new AuditEvent(
            EVENT,
            false,
            null,
            null,
            null,
            EncryptionContext.EMPTY,
            Map.of(
                "domainId",
                custodyPackage.domainId().toString(),
                "set",
                custodyPackage.set().toString(),
                "shares",
                shares.stream()
                    .map(share -> String.valueOf(share.index()))
                    .collect(Collectors.joining(",")),
                "versions",
                brought.stream()
                    .map(id -> String.valueOf(id.version()))
                    .collect(Collectors.joining(","))),
            null,
            null,
            null,
            null));
  }
}
