// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.Sha256;
import dev.strongroom.kms.crypto.CertificateChains;
import dev.strongroom.kms.key.DerCertificate;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KmsKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** PutKeyCertificateChain, GetKeyCertificateChain and DeleteKeyCertificateChain. */
final class CertificateAdministration {
  private final Gate gate;
  private final KeyAdministration keys;

  CertificateAdministration(Gate gate, KeyAdministration keys) {
    this.gate = gate;
    this.keys = keys;
  }

  void put(Caller caller, KeyRef ref, List<X509Certificate> chain) {
    Call call = Call.of(caller, Operation.PUT_KEY_CERTIFICATE_CHAIN, parameters(chain));
    keys.change(call, ref, key -> withChain(key, chain));
  }

  private static KmsKey withChain(KmsKey key, List<X509Certificate> chain) {
    if (!key.spec().isAsymmetric()) {
      throw new KmsException.Validation(
          key.arn()
              + " is of spec "
              + key.spec()
              + " and has no public key that a certificate could be for.");
    }
    List<X509Certificate> parsed = CertificateChains.parse(chain);
    Generation certified = certified(key, parsed.get(0)).orElseGet(key::current);
    CertificateChains.requireFit(certified.publicKey(), parsed);
    return key.withCertificateChain(
        parsed.stream().map(certificate -> new DerCertificate(der(certificate))).toList());
  }

  /** Returns the generation of a key's material that a certificate is for. */
  private static Optional<Generation> certified(KmsKey key, X509Certificate certificate) {
    return key.newestFirst().stream()
        .filter(generation -> CertificateChains.isFor(generation.publicKey(), certificate))
        .findFirst();
  }

  /**
   * Returns the generation that a KeyStore entry is about: that of its certificate, else the
   * current one. A private key and a certificate of different generations would break every
   * handshake.
   */
  static Generation ofEntry(KmsKey key) {
    if (key.generations().size() == 1 || key.certificateChain().isEmpty()) {
      return key.current();
    }
    try {
      return certified(key, CertificateChains.parse(key.certificateChain().get(0).toBytes()))
          .orElseGet(key::current);
    } catch (CertificateException e) {
      return key.current(); // which whoever reads the chain is told about
    }
  }

  /** The trail names the certificate, and does not copy it. */
  private static Map<String, String> parameters(List<X509Certificate> chain) {
    String count = Integer.toString(chain.size());
    if (chain.isEmpty()) {
      return Map.of("certificates", count);
    }
    String hash = HexFormat.of().formatHex(Sha256.of(der(chain.get(0))));
    return Map.of("certificates", count, "certificateSha256", hash);
  }

  static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new KmsException.Validation(
          "A certificate of the chain cannot be encoded. Read it with a CertificateFactory of the"
              + " JDK.");
    }
  }

  /** Returns an empty list where there is none. */
  List<X509Certificate> get(Caller caller, KeyRef ref) {
    Call call = Call.of(caller, Operation.GET_KEY_CERTIFICATE_CHAIN);
    return gate.run(call, ref, null, live -> parse(live.key()));
  }

  private static List<X509Certificate> parse(KmsKey key) {
    List<X509Certificate> chain = new ArrayList<>();
    for (DerCertificate certificate : key.certificateChain()) {
      try {
        chain.add(CertificateChains.parse(certificate.toBytes()));
      } catch (CertificateException e) {
        throw new KmsException.StoreTampered(
            "A certificate of " + key.arn() + " cannot be read. Put the chain again.");
      }
    }
    return chain;
  }

  void delete(Caller caller, KeyRef ref) {
    Call call = Call.of(caller, Operation.DELETE_KEY_CERTIFICATE_CHAIN);
    keys.change(call, ref, key -> key.withCertificateChain(List.of()));
  }
}
