// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.HsmException;
import dev.strongroom.hsm.HsmUri;
import dev.strongroom.hsm.WrapPolicy;
import dev.strongroom.hsm.pkcs11.Pkcs11Hsm;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract on NSS softokn, whose one weakness is accepted here; and its refusal if it isn't.
 */
final class NssHsmTest extends HsmContract {
  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // open() runs first
  private HsmUri.Pkcs11 uri;

  @Override
  Hsm open() {
    uri = NssToken.in(folder).uri();
    return Pkcs11Hsm.open(uri, Set.of("wraps-unextractable"));
  }

  @Test
  void moduleThatWrapsOutUnextractableKeysIsRefusedUnlessAccepted() {
    var failure =
        assertThrows(HsmException.Untrustworthy.class, () -> Pkcs11Hsm.open(uri, Set.of()));

    assertTrue(failure.toString().contains("wraps-unextractable"));
    assertEquals(Set.of("wraps-unextractable"), hsm().info().weaknesses());
  }

  @Test
  void moduleThatWrapsOutUnextractableKeysCannotPromiseThePolicyStrict() {
    assertEquals(Set.of(WrapPolicy.OPEN), hsm().info().wrapPolicies());
  }
}
