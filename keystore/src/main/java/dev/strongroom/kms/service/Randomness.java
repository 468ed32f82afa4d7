// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.cloudhsm.CustomKeyStores;
import dev.strongroom.kms.key.HsmErrors;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** GenerateRandom: bytes of the HSM itself, or of a token that a customer owns. */
final class Randomness {
  private final Gate gate;
  private final Hsm hsm;
  private final CustomKeyStores stores;

  Randomness(Gate gate, Hsm hsm, CustomKeyStores stores) {
    this.gate = gate;
    this.hsm = hsm;
    this.stores = stores;
  }

  byte[] generate(Caller caller, int bytes) {
    return generate(caller, bytes, Map.of(), () -> hsm.random(bytes));
  }

  /** Returns bytes of the token of a custom key store. */
  byte[] generate(Caller caller, int bytes, String store) {
    return generate(
        caller,
        bytes,
        Map.of("customKeyStoreId", store),
        () -> {
          stores.requireConnected(caller.accountId(), store);
          return stores.random(store, bytes);
        });
  }

  private byte[] generate(
      Caller caller, int bytes, Map<String, String> more, Supplier<byte[]> source) {
    Map<String, String> parameters = new TreeMap<>(more);
    parameters.put("numberOfBytes", Integer.toString(bytes));
    Call call = Call.of(caller, Operation.GENERATE_RANDOM, parameters);
    return gate.run(
        call,
        () -> {
          if (bytes < 1 || bytes > Kms.MAX_RANDOM_BYTES) {
            throw new KmsException.Validation(
                "GenerateRandom returns 1 to 1024 bytes, not " + bytes + ".");
          }
          try {
            return source.get();
          } catch (HsmException e) {
            throw HsmErrors.toKms(e);
          }
        });
  }
}
