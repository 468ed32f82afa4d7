// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.SigningAlgorithm;
import dev.strongroom.kms.crypto.JsonWebKey;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KmsKey;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** GetPublicKey, and the same as a JSON Web Key Set. */
final class PublicKeys {
  private final Gate gate;

  PublicKeys(Gate gate) {
    this.gate = gate;
  }

  GetPublicKeyResult get(Caller caller, KeyRef ref, Optional<String> keyMaterialId) {
    NamedMaterial material = NamedMaterial.of(keyMaterialId);
    return gate.run(
        material.in(Call.of(caller, Operation.GET_PUBLIC_KEY)),
        ref,
        null,
        live -> {
          requireAsymmetric(live.key());
          return of(live, material.one(live.key()));
        });
  }

  /** Returns the public keys of all generations: one recorded GetPublicKey. */
  JsonWebKeySet getSet(Caller caller, KeyRef ref, Optional<SigningAlgorithm> algorithm) {
    return gate.run(
        Call.of(caller, Operation.GET_PUBLIC_KEY, Map.of("keySet", "true")),
        ref,
        null,
        live -> {
          KmsKey key = live.key();
          requireAsymmetric(key);
          Optional<String> name = algorithmName(key, algorithm);
          return new JsonWebKeySet(
              key.newestFirst().stream().map(generation -> webKey(key, generation, name)).toList());
        });
  }

  /** RSA keys sign in several ways: without a word of the caller none is named. */
  private static Optional<String> algorithmName(KmsKey key, Optional<SigningAlgorithm> wanted) {
    if (key.usage() != KeyUsage.SIGN_VERIFY) {
      throw new KmsException.InvalidKeyUsage(
          key.arn() + " is for " + key.usage() + ". A key set is for keys that sign.");
    }
    List<SigningAlgorithm> all = SigningAlgorithm.namedFor(key.spec());
    if (wanted.isEmpty()) {
      return all.size() == 1 ? JsonWebKey.algorithm(key.spec(), all.get(0)) : Optional.empty();
    }
    if (!wanted.get().fits(key.spec())) {
      throw new KmsException.InvalidKeyUsage(
          "A key of spec " + key.spec() + " does not sign with " + wanted.get() + ".");
    }
    Optional<String> name = JsonWebKey.algorithm(key.spec(), wanted.get());
    if (name.isEmpty()) {
      throw new KmsException.UnsupportedOperation(
          "JOSE has no name for " + wanted.get() + ". Leave the algorithm out.");
    }
    return name;
  }

  private static Map<String, Object> webKey(
      KmsKey key, Generation generation, Optional<String> algorithm) {
    Map<String, Object> members = JsonWebKey.of(key.spec(), generation.publicKey());
    members.put("use", "sig");
    algorithm.ifPresent(name -> members.put("alg", name));
    members.put("kid", generation.materialId().text());
    if (!key.certificateChain().isEmpty()
        && CertificateAdministration.ofEntry(key).materialId().equals(generation.materialId())) {
      members.put(
          "x5c",
          key.certificateChain().stream()
              .map(certificate -> Base64.getEncoder().encodeToString(certificate.toBytes()))
              .toList());
    }
    return members;
  }

  private static void requireAsymmetric(KmsKey key) {
    if (!key.spec().isAsymmetric()) {
      throw new KmsException.UnsupportedOperation(
          key.arn()
              + " has the spec "
              + key.spec()
              + " and no public key. Only asymmetric keys have one.");
    }
  }

  private static GetPublicKeyResult of(LiveKey live, Generation generation) {
    return new GetPublicKeyResult(
        live.metadata().withKeyMaterialId(generation.materialId().text()), generation.publicKey());
  }
}
