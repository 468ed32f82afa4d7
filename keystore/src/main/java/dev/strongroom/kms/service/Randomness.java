// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.kms.Caller;
import dev.strongroom.kms.KmsException;
import dev.strongroom.kms.Operation;
import dev.strongroom.kms.key.HsmErrors;
import java.util.Map;

/** GenerateRandom: bytes of the HSM itself. */
final class Randomness {
  private final Gate gate;
  private final Hsm hsm;

  Randomness(Gate gate, Hsm hsm) {
    this.gate = gate;
    this.hsm = hsm;
  }

  byte[] generate(Caller caller, int bytes) {
    Call call =
        Call.of(
            caller, Operation.GENERATE_RANDOM, Map.of("numberOfBytes", Integer.toString(bytes)));
    return gate.run(
        call,
        () -> {
          if (bytes < 1 || bytes > Kms.MAX_RANDOM_BYTES) {
            throw new KmsException.Validation(
                "GenerateRandom returns 1 to 1024 bytes, not " + bytes + ".");
          }
          try {
            return hsm.random(bytes);
          } catch (HsmException e) {
            throw HsmErrors.toKms(e);
          }
        });
  }
}
