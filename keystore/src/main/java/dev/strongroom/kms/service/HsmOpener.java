// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.HsmUri;
import dev.strongroom.hsm.TokenKeys;
import dev.strongroom.hsm.cluster.ClusterHsm;
import dev.strongroom.hsm.embedded.EmbeddedHsm;
import dev.strongroom.hsm.pkcs11.Pkcs11Hsm;
import dev.strongroom.hsm.pkcs11.Pkcs11TokenKeys;
import dev.strongroom.hsm.transport.DomainKeyCarrier;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.key.HsmErrors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Opens the HSM that the settings name. */
final class HsmOpener {

  private HsmOpener() {}

  static DomainKeyCarrier open(KmsConfig config) {
    if (config.isTemporary()) {
      return EmbeddedHsm.inMemory();
    }
    HsmUri uri = uri(config);
    try {
      if (uri instanceof HsmUri.Embedded embedded) {
        return EmbeddedHsm.open(embedded);
      }
      return uri instanceof HsmUri.Cluster cluster
          ? openCluster(cluster, config.acceptedWeaknesses())
          : Module.open((HsmUri.Pkcs11) uri, config.acceptedWeaknesses());
    } catch (HsmException e) {
      throw HsmErrors.toKms(e);
    }
  }

  /**
   * Reads the setting.
   *
   * @throws KmsException.Configuration if it is none
   */
  static HsmUri uri(KmsConfig config) {
    try {
      return HsmUri.parse(config.hsm());
    } catch (IllegalArgumentException e) {
      throw new KmsException.Configuration(String.valueOf(e.getMessage()), e);
    }
  }

  private static ClusterHsm openCluster(HsmUri.Cluster cluster, Set<String> accepted) {
    Map<String, Supplier<DomainKeyCarrier>> openers = new LinkedHashMap<>();
    for (HsmUri.Pkcs11 member : cluster.members()) {
      openers.put(member.describe(), () -> Module.open(member, accepted));
    }
    return new ClusterHsm(openers);
  }

  /**
   * Opens the token of a custom key store.
   *
   * @param cluster a PKCS#11 URI
   * @throws HsmException with the reason
   */
  static TokenKeys openToken(KmsConfig config, String cluster) {
    return Module.openToken((HsmUri.Pkcs11) HsmUri.parse(cluster), config.acceptedWeaknesses());
  }

  /** A class of its own, so that the embedded mode never loads JNA. */
  private static final class Module {
    static DomainKeyCarrier open(HsmUri.Pkcs11 uri, Set<String> accepted) {
      return Pkcs11Hsm.open(uri, accepted);
    }

    static TokenKeys openToken(HsmUri.Pkcs11 uri, Set<String> accepted) {
      return Pkcs11TokenKeys.open(uri, accepted);
    }
  }
}
