// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jca;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * JSSE with our keys and with software keys in one JVM, each in a fresh one: JSSE finds out once
 * which signature schemes there are, and asks whatever provider comes first.
 */
class TlsTest {

  @ParameterizedTest
  @EnumSource
  void bothSidesAuthenticateWithBothKindsOfKeys(Position position) throws Exception {
    String output = ChildJvm.run(TlsProgram.class, List.of(), List.of(position.name()));

    // 4 kinds of keys, 2 protocols, software and KMS.
    assertEquals(
        16,
        output.lines().filter(line -> line.endsWith(" ok, 1 client certificate")).count(),
        output);
  }
}
