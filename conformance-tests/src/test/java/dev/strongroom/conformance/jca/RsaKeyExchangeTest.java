// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jca;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS without forward secrecy, as old peers want it: off unless the server's key may do it. */
class RsaKeyExchangeTest {

  @ParameterizedTest
  @EnumSource
  void serverTakesPartWithKeysThatMayDecryptPkcs1(Position position) throws Exception {
    String output = ChildJvm.run(RsaKeyExchangeProgram.class, List.of(), List.of(position.name()));

    assertTrue(output.contains("denied: no connection"), output);
    assertTrue(output.contains("allowed: 7 over TLS_RSA_WITH_AES_128_GCM_SHA256"), output);
  }
}
