// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.hsm.DomainKeyId;
import dev.strongroom.hsm.Hsm;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.crypto.SystemRandom;
import dev.strongroom.kms.custody.CustodyPackage;
import dev.strongroom.kms.custody.KeyShare;
import dev.strongroom.kms.key.DomainRecord;
import dev.strongroom.kms.storage.JdbcStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Makes a KMS: what {@code init} does. */
public final class KmsSetup {

  private KmsSetup() {}

  /**
   * What there is now.
   *
   * @param made whether the KMS was made by this call; false if it was there
   * @param accessKeyWritten whether this call wrote a root access key to {@code credentials}
   * @param domainKey its name and version
   */
  public record Report(
      boolean made,
      boolean accessKeyWritten,
      String hsm,
      String domainKey,
      String store,
      Path audit,
      Path credentials) {}

  /**
   * Makes the domain key, the store and the root access key, as far as they are not there yet. Can
   * be repeated, and goes on where an earlier call was interrupted.
   *
   * @throws KmsException.Configuration if the settings do not lead to a KMS
   */
  public static Report init(KmsConfig config) {
    Resources resources = new Resources();
    try {
      HomeFolder.prepare(config);
      Report report = init(config, resources);
      resources.close();
      return report;
    } catch (KmsException e) {
      KmsAssembly.closeQuietly(resources, e);
      throw e;
    }
  }

  /**
   * Brings the domain key of the store into the HSM that the settings name, with the shares of
   * enough custodians: what {@code cloudhsm import-domain-key} does. Versions that are there stay;
   * of a cluster each token gets what it lacks. Recorded as {@code DomainKeyImported}.
   *
   * @param shares opened ones of the set of the package; left open
   * @return the numbers of the versions that were brought
   * @throws KmsException.Validation naming what was altered or belongs elsewhere, and if there are
   *     too few shares: then nothing was done
   * @throws KmsException.Configuration if it is not the domain key that the store was made with
   */
  public static List<Integer> importDomainKey(
      KmsConfig config, CustodyPackage custodyPackage, List<KeyShare> shares) {
    return new DomainKeyImport(config)
        .run(custodyPackage, shares).stream().map(DomainKeyId::version).toList();
  }

  private static Report init(KmsConfig config, Resources resources) {
    Clock clock = Clock.systemUTC();
    Hsm hsm = HsmOpener.open(config);
    resources.add(hsm::close);
    JdbcStore store = JdbcStore.open(config.store(), clock);
    resources.add(store::close);
    boolean made = store.domain().isEmpty();
    KmsAssembly.Opened opened =
        new Bootstrap(config, hsm, store, SystemRandom.buffered(), new Object(), clock)
            .openOrMake();
    boolean written = new RootAccessKey(config, opened.identities(), opened.accessKeys()).make();
    DomainRecord record = opened.domain().record();
    return new Report(
        made,
        written,
        hsm.info().manufacturer() + " " + hsm.info().model() + " \"" + hsm.info().label() + "\"",
        record.domainId() + "/d" + record.active().number(),
        config.store(),
        config.audit(),
        config.credentialsFile());
  }
}
