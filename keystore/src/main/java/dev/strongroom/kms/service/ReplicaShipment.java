// SPDX-License-Identifier: Apache-2.0
package dev.strongroom.kms.service;

import dev.strongroom.kms.key.Generation;
import dev.strongroom.kms.key.KmsKey;
import java.util.List;

/**
 * A key on its way to another region.
 *
 * @param primary the key as it is in its own region; its key tokens mean nothing elsewhere
 * @param importToken the other region's, of the wrapping key that it gave
 * @param materials of all generations, in their order
 */
@SuppressWarnings("ArrayRecordComponent") // package-private, passed on and never compared
record ReplicaShipment(KmsKey primary, byte[] importToken, List<Wrapped> materials) {

  /** The material of one generation, wrapped under that key. */
  record Wrapped(Generation generation, byte[] material) {}
}
