// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KmsKey;
import java.util.Optional;

/** GetPublicKey. */
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
