// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.cloudhsm;

import dev.strongroom.hsm.TokenKeys;

/** Finds a token and logs in to it. */
@FunctionalInterface
public interface TokenOpener {

  /**
   * Opens a token; the caller closes it.
   *
   * @param cluster a PKCS#11 URI
   * @throws dev.strongroom.hsm.HsmException if it cannot be used, with the reason
   */
  TokenKeys open(String cluster);
}
