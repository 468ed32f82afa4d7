// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.pkcs11.Pkcs11Hsm;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

/** The contract on NSS softokn, whose one weakness is accepted here. */
final class NssHsmTest extends HsmContract {
  @TempDir static Path folder;

  @Override
  Hsm open() {
    return Pkcs11Hsm.open(NssToken.in(folder).uri(), Set.of("wraps-unextractable"));
  }
}
