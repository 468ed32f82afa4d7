// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.pkcs11.Pkcs11Hsm;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

/** The contract on SoftHSM2. */
final class SoftHsmTest extends HsmContract {
  @TempDir static Path folder;

  @Override
  Hsm open() {
    return Pkcs11Hsm.open(SoftHsmToken.in(folder).select().uri(), Set.of());
  }
}
