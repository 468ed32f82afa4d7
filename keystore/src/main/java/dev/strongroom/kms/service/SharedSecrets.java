// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KeyAgreementAlgorithm;
import dev.strongroom.kms.KeyRef;
import dev.strongroom.kms.KeyUsage;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.crypto.PeerKeys;
import dev.strongroom.kms.key.KmsKey;
import dev.strongroom.kms.key.backing.BackingKeys;
import java.util.Map;

/** DeriveSharedSecret and Decapsulate. */
final class SharedSecrets {
  private final Gate gate;
  private final BackingKeys backingKeys;

  SharedSecrets(Gate gate, BackingKeys backingKeys) {
    this.gate = gate;
    this.backingKeys = backingKeys;
  }

  byte[] derive(Caller caller, KeyRef ref, KeyAgreementAlgorithm algorithm, byte[] otherPublicKey) {
    Call call =
        Call.of(
            caller,
            Operation.DERIVE_SHARED_SECRET,
            Map.of("keyAgreementAlgorithm", algorithm.name()));
    return gate.run(
        call,
        ref,
        KeyUsage.KEY_AGREEMENT,
        live -> {
          KmsKey key = live.key();
          requireFit(key, algorithm);
          byte[] checked = PeerKeys.check(key.spec(), otherPublicKey);
          return backingKeys.open(key, key.current()).agree(checked);
        });
  }

  byte[] decapsulate(Caller caller, KeyRef ref, byte[] encapsulation) {
    return gate.run(
        Call.of(caller, Operation.DECAPSULATE),
        ref,
        KeyUsage.KEY_ENCAPSULATION,
        live -> {
          KmsKey key = live.key();
          return backingKeys.open(key, key.current()).decapsulate(encapsulation);
        });
  }

  private static void requireFit(KmsKey key, KeyAgreementAlgorithm algorithm) {
    if (!algorithm.fits(key.spec())) {
      throw new KmsException.InvalidKeyUsage(
          "A key of spec "
              + key.spec()
              + " does not agree by "
              + algorithm
              + ". It has: "
              + KeyAgreementAlgorithm.namedFor(key.spec())
              + ".");
    }
  }
}
