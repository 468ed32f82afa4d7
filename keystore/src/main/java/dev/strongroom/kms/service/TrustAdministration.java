// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.Sha256;
import dev.strongroom.kms.crypto.CertificateChains;
import dev.strongroom.kms.key.DerCertificate;
import dev.strongroom.kms.storage.KeyStorage;
import dev.strongroom.kms.storage.TrustedCertificateRow;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** PutTrustedCertificate, ListTrustedCertificates and DeleteTrustedCertificate. */
final class TrustAdministration {
  private static final int MAX_NAME = 256;

  private final Gate gate;
  private final KeyStorage storage;
  private final Clock clock;

  TrustAdministration(Gate gate, KeyStorage storage, Clock clock) {
    this.gate = gate;
    this.storage = storage;
    this.clock = clock;
  }

  void put(Caller caller, String name, X509Certificate certificate) {
    requireName(name);
    X509Certificate parsed = CertificateChains.parse(List.of(certificate)).get(0);
    DerCertificate der = new DerCertificate(CertificateAdministration.der(parsed));
    String hash = HexFormat.of().formatHex(Sha256.of(der.toBytes()));
    Map<String, String> parameters = Map.of("certificateName", name, "certificateSha256", hash);
    gate.run(
        Call.of(caller, Operation.PUT_TRUSTED_CERTIFICATE, parameters),
        () -> {
          storage.saveTrustedCertificate(
              caller.accountId(),
              new TrustedCertificateRow(name, der, clock.instant().truncatedTo(ChronoUnit.MILLIS)));
          return true;
        });
  }

  private static void requireName(String name) {
    boolean isPlain =
        !name.isBlank()
            && name.length() <= MAX_NAME
            && name.chars().noneMatch(Character::isISOControl);
    if (!isPlain || KeyRef.isReference(name)) {
      throw new KmsException.Validation(
          "A trusted certificate has a name of 1 to "
              + MAX_NAME
              + " characters, without control characters, that does not read as a key id, an ARN or"
              + " alias/...: those are keys.");
    }
  }

  Map<String, X509Certificate> list(Caller caller) {
    return gate.run(
        Call.of(caller, Operation.LIST_TRUSTED_CERTIFICATES),
        () -> {
          Map<String, X509Certificate> found = new TreeMap<>();
          for (TrustedCertificateRow row : storage.listTrustedCertificates(caller.accountId())) {
            found.put(row.name(), parse(row));
          }
          return found;
        });
  }

  private static X509Certificate parse(TrustedCertificateRow row) {
    try {
      return CertificateChains.parse(row.certificate().toBytes());
    } catch (CertificateException e) {
      throw new KmsException.StoreTampered(
          "The trusted certificate \"" + row.name() + "\" cannot be read. Put it again.");
    }
  }

  void delete(Caller caller, String name) {
    gate.run(
        Call.of(caller, Operation.DELETE_TRUSTED_CERTIFICATE, Map.of("certificateName", name)),
        () -> {
          storage.deleteTrustedCertificate(caller.accountId(), name);
          return true;
        });
  }
}
