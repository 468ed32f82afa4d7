// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.jca;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * JSSE with our keys and with software keys in one JVM, each in a fresh one: JSSE finds out once
 * which signature schemes there are, and asks whatever provider comes first.
 */
class TlsTest {
  private static TlsKeys keys;

  @BeforeAll
  static void makeKeys(@TempDir Path folder) throws Exception {
    keys = TlsKeys.in(folder);
  }

  @ParameterizedTest
  @EnumSource
  void bothSidesAuthenticateWithBothKindsOfKeys(Position position) throws Exception {
    String output =
        ChildJvm.run(
            keys.environment(),
            TlsProgram.class,
            List.of(),
            List.of(position.name(), keys.home().toString()));

    // The keys of the KMS and a software key of each spec, 2 protocols, 2 key managers.
    int handshakes = (keys.count() + TlsKeys.SPECS.size()) * 2 * 2;
    assertEquals(
        handshakes,
        output.lines().filter(line -> line.endsWith(" ok with a client certificate")).count(),
        output);
  }

  @Test
  void keysInAnHsmWereAmongThem() {
    assumeTrue(keys.haveHsm(), "skipped: SoftHSM2 could not be fetched");

    assertEquals(2 * TlsKeys.SPECS.size() - 1, keys.count());
  }
}
