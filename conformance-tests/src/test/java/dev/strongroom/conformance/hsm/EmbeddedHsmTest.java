// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.conformance.hsm;

import dev.strongroom.hsm.Hsm;
import dev.strongroom.hsm.embedded.EmbeddedHsm;

/** The contract on the embedded domain key. */
final class EmbeddedHsmTest extends HsmContract {

  @Override
  Hsm open() {
    return EmbeddedHsm.inMemory();
  }
}
